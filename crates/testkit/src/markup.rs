//! Links and forms read off a page as a browser without scripts would find them. Understands the tags our own templates
//! write, not HTML at large.

/// A form with what its fields hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Whether it is posted; otherwise it asks by GET.
    pub posted: bool,
    /// Name and value of every field, in order.
    pub fields: Vec<(String, String)>,
}

/// One tag: its name in small letters, and its attributes.
struct Tag<'t> {
    name: String,
    attributes: Vec<(&'t str, String)>,
    end: usize,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Where a page leads: every `href` and the address of every form that asks by GET.
pub fn links(page: &str) -> Vec<String> {
    tags(page).filter_map(|tag| tag.get("href").map(str::to_owned)).filter(|to| to.starts_with('/')).collect()
}

/// The forms of a page; one without an action is sent to `here`.
pub fn forms(page: &str, here: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut select: Option<(String, Option<String>)> = None;
    let mut open = false;
    for tag in tags(page) {
        let name = tag.get("name").unwrap_or_default().to_owned();
        let value = tag.get("value").unwrap_or_default().to_owned();
        match (tag.name.as_str(), forms.last_mut()) {
            ("form", _) => {
                let action = tag.get("action").filter(|to| !to.is_empty()).unwrap_or(here).to_owned();
                let posted = tag.get("method").is_some_and(|it| it.eq_ignore_ascii_case("post"));
                forms.push(Form { action, posted, fields: Vec::new() });
                open = true;
            }
            ("/form", _) => open = false,
            (_, None) => {}
            _ if !open => {}
            ("input", Some(form)) => {
                let kind = tag.get("type").unwrap_or("text");
                let ticked = !matches!(kind, "checkbox" | "radio") || tag.get("checked").is_some();
                if ticked && !name.is_empty() && kind != "submit" && kind != "file" {
                    form.fields.push((name, value));
                }
            }
            ("textarea", Some(form)) => {
                let text = page[tag.end..].split("</textarea").next().unwrap_or_default();
                form.fields.push((name, unescaped(text)));
            }
            ("select", Some(_)) => select = Some((name, None)),
            ("option", Some(_)) => {
                if let Some((_, chosen)) = &mut select
                    && (chosen.is_none() || tag.get("selected").is_some())
                {
                    *chosen = Some(value);
                }
            }
            ("/select", Some(form)) => {
                if let Some((name, chosen)) = select.take() {
                    form.fields.push((name, chosen.unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    forms
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let begin = at + page.get(at..)?.find('<')? + 1;
            let end = begin + page.get(begin..)?.find('>')?;
            at = end + 1;
            let inside = &page[begin..end];
            if let Some(first) = inside.chars().next().filter(|c| c.is_ascii_alphabetic() || *c == '/') {
                let _ = first;
                let (name, rest) = inside.split_once(|c: char| c.is_whitespace()).unwrap_or((inside, ""));
                return Some(Tag { name: name.to_ascii_lowercase(), attributes: attributes(rest), end: at });
            }
        }
    })
}

fn attributes(mut rest: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return found;
        }
        let length = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = &rest[..length];
        rest = &rest[length..];
        let Some(value) = rest.strip_prefix("=\"") else {
            rest = rest.strip_prefix('=').unwrap_or(rest);
            found.push((name, String::new()));
            continue;
        };
        let (value, after) = value.split_once('"').unwrap_or((value, ""));
        found.push((name, unescaped(value)));
        rest = after;
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    let text = pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.replace("&#38;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_what_it_holds() {
        let page = "<a href=\"/a?b=1&#38;c=2\">x</a><form method=\"post\" action=\"/b\"><input type=hidden name=\"n\" \
                    value=\"v&#34;\"><input type=\"checkbox\" name=\"off\" value=\"1\"><textarea name=\"t\">1 &lt; 2</textarea>\
                    <select name=\"s\"><option value=\"a\">A<option value=\"b\" selected>B</select></form><input name=\"out\">";
        assert_eq!(links(page), ["/a?b=1&c=2"]);
        let fields = [("n", "v\""), ("t", "1 < 2"), ("s", "b")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(forms(page, "/"), [Form { action: "/b".into(), posted: true, fields: fields.to_vec() }]);
    }
}
