package dev.concert.client;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** Markdown as a terminal shows it: styles in place of marks, tables in columns. */
final class AnsiMarkdown {
  /** Deeper quotes, lists and styles are shown as text: a model may write anything. */
  private static final int DEEPEST = 50;

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .maxOpenBlockParsers(DEEPEST)
          .maxInlineNesting(DEEPEST)
          .build();

  private AnsiMarkdown() {}

  /**
   * The lines of a document with their styles.
   *
   * @param markdown text without control characters other than line breaks
   */
  static List<String> lines(String markdown) {
    return blocks(PARSER.parse(markdown));
  }

  private static List<String> blocks(Node parent) {
    List<String> lines = new ArrayList<>();
    for (Node block = parent.getFirstChild(); block != null; block = block.getNext()) {
      if (!lines.isEmpty() && !isTight(parent)) {
        lines.add("");
      }
      lines.addAll(block(block));
    }
    return lines;
  }

  private static boolean isTight(Node parent) {
    return parent instanceof ListItem
        && parent.getParent() instanceof ListBlock list
        && list.isTight();
  }

  private static List<String> block(Node block) {
    return switch (block) {
      case Heading heading -> styled(Style.BOLD, inline(heading));
      case Paragraph paragraph -> inline(paragraph).lines().toList();
      case FencedCodeBlock code -> prefixed("  ", styled(Style.TOOL, code.getLiteral()));
      case IndentedCodeBlock code -> prefixed("  ", styled(Style.TOOL, code.getLiteral()));
      case HtmlBlock html -> html.getLiteral().lines().toList();
      case ThematicBreak _ -> List.of(Style.DIM.paint("────────", true));
      case BlockQuote quote -> prefixed(Style.DIM.paint("│ ", true), blocks(quote));
      case BulletList list -> items(list, Integer.MIN_VALUE, list.isTight());
      case OrderedList list -> items(list, start(list), list.isTight());
      case CustomBlock table when table instanceof TableBlock -> table(table);
      default -> blocks(block);
    };
  }

  private static int start(OrderedList list) {
    return list.getMarkerStartNumber() == null ? 1 : list.getMarkerStartNumber();
  }

  private static List<String> styled(Style style, String text) {
    return text.lines().map(line -> style.paint(line, true)).toList();
  }

  private static List<String> prefixed(String prefix, List<String> lines) {
    return lines.stream().map(line -> prefix + line).toList();
  }

  /**
   * @param first number of the first item; {@link Integer#MIN_VALUE} for bullets
   */
  private static List<String> items(Node list, int first, boolean tight) {
    List<String> lines = new ArrayList<>();
    int number = first;
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      if (!lines.isEmpty() && !tight) {
        lines.add("");
      }
      String mark = first == Integer.MIN_VALUE ? "• " : number + ". ";
      number++;
      List<String> inside = blocks(item);
      for (int line = 0; line < inside.size(); line++) {
        lines.add((line == 0 ? mark : " ".repeat(mark.length())) + inside.get(line));
      }
      if (inside.isEmpty()) {
        lines.add(mark.stripTrailing());
      }
    }
    return lines;
  }

  private static List<String> table(Node table) {
    List<List<TableCell>> rows = new ArrayList<>();
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        rows.add(cells((TableRow) row));
      }
    }
    return AnsiTable.lines(
        rows.stream()
            .map(
                row ->
                    row.stream()
                        .map(cell -> new AnsiTable.Cell(inline(cell), cell.getAlignment()))
                        .toList())
            .toList());
  }

  private static List<TableCell> cells(TableRow row) {
    List<TableCell> cells = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      cells.add((TableCell) cell);
    }
    return cells;
  }

  private static String inline(Node parent) {
    Inline inline = new Inline();
    inline.children(parent);
    return inline.text.toString();
  }

  /** Writes text with its styles; the style around one that ends goes on. */
  private static final class Inline extends AbstractVisitor {
    private final StringBuilder text = new StringBuilder();

    void children(Node parent) {
      visitChildren(parent);
    }

    private void styled(Style style, Node node) {
      text.append(style.paint(inline(node), true));
    }

    @Override
    public void visit(Text node) {
      text.append(node.getLiteral());
    }

    @Override
    public void visit(Code node) {
      text.append(Style.TOOL.paint(node.getLiteral(), true));
    }

    @Override
    public void visit(Emphasis node) {
      styled(Style.ITALIC, node);
    }

    @Override
    public void visit(StrongEmphasis node) {
      styled(Style.BOLD, node);
    }

    @Override
    public void visit(Link node) {
      String shown = inline(node);
      text.append(shown);
      if (!shown.equals(node.getDestination())) {
        // In full: a reader of a terminal sees where a link leads in no other way.
        text.append(Style.DIM.paint(" (" + node.getDestination() + ")", true));
      }
    }

    @Override
    public void visit(Image node) {
      text.append(inline(node)).append(Style.DIM.paint(" (" + node.getDestination() + ")", true));
    }

    @Override
    public void visit(HtmlInline node) {
      text.append(node.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak node) {
      text.append('\n');
    }

    @Override
    public void visit(HardLineBreak node) {
      text.append('\n');
    }
  }
}
