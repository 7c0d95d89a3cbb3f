package dev.concert.bridges.googlechat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns Markdown into Google Chat's own form. Pure. */
final class GoogleChatMarkdown {
  private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+).*$");
  private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1");
  private static final Pattern LINK =
      Pattern.compile("\\[([^\\[\\]|]+)]\\((https?://[^\\s()|>]+)\\)");
  private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*");
  private static final Pattern STRIKE = Pattern.compile("~~(.+?)~~");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+)$");
  private static final Pattern ITEM = Pattern.compile("^(\\s*)[-*+] +");

  private GoogleChatMarkdown() {}

  static String render(String markdown) {
    StringBuilder rendered = new StringBuilder();
    boolean isCode = false;
    String[] lines = markdown.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      rendered.append(i == 0 ? "" : "\n");
      if (FENCE.matcher(lines[i]).matches()) {
        isCode = !isCode;
        // Google Chat would show the language as a line of the code.
        rendered.append("```");
      } else {
        rendered.append(isCode ? lines[i] : line(lines[i]));
      }
    }
    return rendered.toString();
  }

  private static String line(String line) {
    StringBuilder rendered = new StringBuilder();
    Matcher code = CODE.matcher(line);
    int from = 0;
    while (code.find()) {
      rendered.append(prose(line.substring(from, code.start()), from == 0));
      rendered.append('`').append(code.group(2)).append('`');
      from = code.end();
    }
    return rendered.append(prose(line.substring(from), from == 0)).toString();
  }

  private static String prose(String text, boolean begins) {
    String prose = text;
    if (begins) {
      prose = HEADING.matcher(prose).replaceAll("**$1**");
      prose = ITEM.matcher(prose).replaceAll("$1• ");
    }
    prose = LINK.matcher(prose).replaceAll("<$2|$1>");
    prose = STRIKE.matcher(prose).replaceAll("~$1~");
    return BOLD.matcher(prose).replaceAll("*$1*");
  }
}
