// A school's list as CSV, in the encodings schools send: UTF-8 with a byte order mark, Shift_JIS as Windows writes it.

const HEADS = ['組', '番号', '生徒氏名', 'フリガナ', '生年月日', '進路種別', '進学先', '進学先都道府県', '携帯電話'];

/** The text of a list of rows, as Excel writes CSV. */
export const csv = (rows) => [HEADS, ...rows].map((row) => row.map((it) => (/[",\n]/.test(it) ? `"${it.replaceAll('"', '""')}"` : it)).join(',')).join('\r\n') + '\r\n';

/** With a byte order mark, as Excel saves "CSV UTF-8". */
export const utf8WithMark = (text) => Buffer.from(`\ufeff${text}`, 'utf8');

let table = null;

/** Every character of code page 932 with its bytes, found by asking the decoder: Node writes only Unicode. */
function characters() {
  if (table) return table;
  table = new Map();
  const decoder = new TextDecoder('shift_jis');
  const add = (...octets) => {
    const text = decoder.decode(Uint8Array.from(octets));
    if (!text.includes('\ufffd') && [...text].length === 1 && !table.has(text)) table.set(text, octets);
  };
  for (let one = 0; one < 0x80; one += 1) add(one);
  for (let one = 0xa1; one <= 0xdf; one += 1) add(one);
  for (let lead = 0x81; lead <= 0xfc; lead += 1) {
    if (lead >= 0xa0 && lead <= 0xdf) continue;
    for (let trail = 0x40; trail <= 0xfc; trail += 1) if (trail !== 0x7f) add(lead, trail);
  }
  return table;
}

/** As Windows saves CSV in Japan; throws for a character the code page lacks. */
export function shiftJis(text) {
  const known = characters();
  return Buffer.from([...text].flatMap((it) => known.get(it) ?? (() => { throw new Error(`${it} is not in Shift_JIS`); })()));
}
