// Signing in as staff, for stories: by password with a one-time code computed as an authenticator does, or by the demo's
// link. Links are good once and a code is good once, so a role's cookie is kept for as long as its demo lives.

import { createHmac } from 'node:crypto';

export const MASUDA = '322041';

const kept = new WeakMap();

/** The sign-in of a role in a town: `{ email, password, totp_secret, link, name, … }`. */
export function staffOf(demo, role, organisation = MASUDA) {
  const found = demo.sign_ins.find((it) => it.role === role && it.organisation === organisation);
  if (!found) throw new Error(`the demo has no ${role} in ${organisation}`);
  return found;
}

/** The six digits an authenticator shows for this secret (RFC 6238: SHA-1, 30 seconds). */
export function oneTimeCode(secret, at = Date.now()) {
  const bits = [...secret.replace(/=+$/, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Puts a role's session into a page's browser profile. Opens nothing. */
export async function seat(visitor, demo, role, organisation = MASUDA) {
  const cookies = kept.get(demo) ?? new Map();
  kept.set(demo, cookies);
  const key = `${role}@${organisation}`;
  if (!cookies.has(key)) {
    const answer = await visitor.request.get(staffOf(demo, role, organisation).link, { maxRedirects: 0 });
    const cookie = /^(__Host-office)=([^;]+)/.exec(answer.headers()['set-cookie'] ?? '');
    if (!cookie) throw new Error(`${key} was not signed in: ${answer.status()}`);
    cookies.set(key, { name: cookie[1], value: cookie[2] });
  }
  const { name, value } = cookies.get(key);
  const { hostname } = new URL(demo.office);
  await visitor.context().addCookies([{ name, value, domain: hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
}
