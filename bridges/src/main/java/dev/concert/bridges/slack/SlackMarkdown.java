package dev.concert.bridges.slack;

import java.util.regex.Pattern;

/** Turns Markdown into Slack's own form, and what people write in Slack into plain text. Pure. */
final class SlackMarkdown {
  private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+).*$");
  private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1");
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]]+)]\\((https?://[^\\s()|]+)\\)");
  private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*");
  private static final Pattern STRIKE = Pattern.compile("~~(.+?)~~");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$");
  private static final Pattern ITEM = Pattern.compile("^(\\s*)[-*+] +");
  private static final Pattern SENT_LINK =
      Pattern.compile("<((?:https?|mailto):[^|>]+)(?:\\|[^>]*)?>");

  private SlackMarkdown() {}

  /** Markdown in the form of Slack. */
  static String render(String markdown) {
    StringBuilder rendered = new StringBuilder();
    boolean isCode = false;
    String[] lines = markdown.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      rendered.append(i == 0 ? "" : "\n");
      if (FENCE.matcher(lines[i]).matches()) {
        isCode = !isCode;
        // Slack would show the language as a line of the code.
        rendered.append("```");
      } else {
        rendered.append(isCode ? escape(lines[i]) : line(lines[i]));
      }
    }
    return rendered.toString();
  }

  private static String line(String line) {
    StringBuilder rendered = new StringBuilder();
    var code = CODE.matcher(line);
    int from = 0;
    while (code.find()) {
      rendered.append(prose(line.substring(from, code.start()), from == 0));
      rendered.append('`').append(escape(code.group(2))).append('`');
      from = code.end();
    }
    return rendered.append(prose(line.substring(from), from == 0)).toString();
  }

  private static String prose(String text, boolean begins) {
    String escaped = escape(text);
    if (begins) {
      escaped = HEADING.matcher(escaped).replaceAll("**$1**");
      escaped = ITEM.matcher(escaped).replaceAll("$1• ");
    }
    escaped = LINK.matcher(escaped).replaceAll("<$2|$1>");
    escaped = STRIKE.matcher(escaped).replaceAll("~$1~");
    return BOLD.matcher(escaped).replaceAll("*$1*");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** What a person wrote. */
  static String plain(String sent) {
    return SENT_LINK
        .matcher(sent)
        .replaceAll("$1")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
