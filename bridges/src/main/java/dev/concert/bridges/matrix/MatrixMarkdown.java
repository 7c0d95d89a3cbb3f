package dev.concert.bridges.matrix;

import java.util.List;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown as the HTML that clients of Matrix show. What a model writes as HTML is text. Pure. */
final class MatrixMarkdown {
  /** Deeper quotes, lists and styles are shown as text: a model may write anything. */
  private static final int DEEPEST = 50;

  private static final List<TablesExtension> EXTENSIONS =
      List.of((TablesExtension) TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .maxOpenBlockParsers(DEEPEST)
          .maxInlineNesting(DEEPEST)
          .build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .omitSingleParagraphP(true)
          .softbreak("<br>\n")
          .build();

  private MatrixMarkdown() {}

  /** The HTML; empty where the text has no marks, so that it is shown as it is. */
  static Optional<String> html(String markdown) {
    Node document = PARSER.parse(markdown);
    String html = RENDERER.render(document).strip();
    return html.indexOf('<') < 0 ? Optional.empty() : Optional.of(html);
  }
}
