package dev.concert.ensemble.ledger;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.concert.bus.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the books are given out: a line for each call. Thread-safe.
 *
 * <p>CSV: RFC 4180 with a line of names, {@code \n} between lines.
 */
public enum ExportFormat {
  CSV("text/csv; charset=utf-8"),
  /** https://jsonlines.org */
  JSONL("application/jsonl");

  private static final CsvMapper CSV_MAPPER =
      CsvMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
  private static final CsvSchema COLUMNS = CSV_MAPPER.schemaFor(LedgerRow.class);

  private final String mediaType;

  ExportFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** Its name on the wire, also the ending of a file. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ExportFormat> of(String wire) {
    return Arrays.stream(values()).filter(one -> one.wire().equals(wire)).findFirst();
  }

  /**
   * Lines for these calls, each with its end.
   *
   * @param first whether these are the first ones, which what has a line of names begins with
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
      throw new UncheckedIOException("A row of the books cannot be written", e);
    }
    // Between values of JSON there is a separator; lines of CSV have their ends.
    return rows.isEmpty() || this == CSV ? lines.toString() : lines.append('\n').toString();
  }
}
