package dev.concert.ensemble.ledger.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The format of an export of the usage ledger: a line for each call. Thread-safe.
 *
 * <p>CSV: RFC 4180 with a header line, {@code \n} between lines.
 */
public enum ExportFormat {
  CSV("text/csv; charset=utf-8"),
  /** https://jsonlines.org */
  JSONL("application/jsonl");

  private static final CsvMapper CSV_MAPPER =
      CsvMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(new SimpleModule().addSerializer(String.class, new TextCell()))
          .build();
  private static final CsvSchema COLUMNS = CSV_MAPPER.schemaFor(LedgerRow.class);

  private final String mediaType;

  ExportFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** Its name in a request, also the extension of a file. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ExportFormat> of(String wire) {
    return Arrays.stream(values()).filter(one -> one.wire().equals(wire)).findFirst();
  }

  /**
   * A text that a spreadsheet does not take for a formula: clients choose some of them, such as the
   * id of a session.
   */
  private static final class TextCell extends StdScalarSerializer<String> {
    private static final long serialVersionUID = 1;

    TextCell() {
      super(String.class);
    }

    @Override
    public void serialize(String text, JsonGenerator cells, SerializerProvider all)
        throws IOException {
      boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
      cells.writeString(formula ? "'" + text : text);
    }
  }

  /**
   * Encodes calls as lines, each with its line end.
   *
   * @param first whether these are the first calls, so that CSV begins with its header line
   */
  public String lines(List<LedgerRow> rows, boolean first) {
    ObjectWriter writer =
        switch (this) {
          case CSV -> CSV_MAPPER.writer(first ? COLUMNS.withHeader() : COLUMNS);
          case JSONL -> Json.MAPPER.writer().withRootValueSeparator("\n");
        };
    StringWriter lines = new StringWriter();
    try (SequenceWriter sequence = writer.writeValues(lines)) {
      sequence.writeAll(rows);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode a row of the usage ledger", e);
    }
    // JSON values have a separator only between them; CSV lines have their own ends.
    return rows.isEmpty() || this == CSV ? lines.toString() : lines.append('\n').toString();
  }
}
