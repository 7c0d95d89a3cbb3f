package dev.concert.ensemble.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportFormatTest {
  private static final LedgerRow ROW = row(1, "0.000111");

  private static LedgerRow row(long id, String cost) {
    return row(id, cost, "");
  }

  private static LedgerRow row(long id, String cost, String session) {
    return new LedgerRow(
        id,
        "r,\"1\"",
        "key_1",
        "cus_1",
        session,
        "chat",
        "m",
        "p",
        "p/e",
        1,
        2,
        3,
        4,
        0,
        0,
        0,
        false,
        cost,
        "2026-11-21T10:00:00Z",
        null,
        "2026-11-21T10:00:01Z",
        1,
        "end_turn",
        "",
        "only_endpoint");
  }

  @Test
  void csvHasItsHeaderOnlyOnTheFirstPage() {
    String first = ExportFormat.CSV.lines(List.of(ROW), true);
    String second = ExportFormat.CSV.lines(List.of(row(2, "1")), false);

    assertThat(first.lines()).hasSize(2).first().asString().startsWith("id,request_id,key_id,");
    assertThat(second.lines()).hasSize(1).first().asString().startsWith("2,");
    assertThat(first).endsWith("\n");
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(ExportFormat.CSV.lines(List.of(ROW), false)).contains("\"r,\"\"1\"\"\"");
  }

  /** The id of a session is what a client likes. */
  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"})
  void noCellOfCsvIsAFormula(String session) {
    LedgerRow row = row(1, "0.000111", session);

    assertThat(ExportFormat.CSV.lines(List.of(row), false)).contains("'" + session);
    assertThat(ExportFormat.JSONL.lines(List.of(row), false))
        .doesNotContain("'")
        .contains(session.strip());
  }

  @Test
  void jsonLinesAreOneObjectALine() throws Exception {
    String text = ExportFormat.JSONL.lines(List.of(ROW, row(2, "1")), true);

    List<String> lines = text.lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode first = Json.MAPPER.readTree(lines.getFirst());
    assertThat(first.path("request_id").asText()).isEqualTo("r,\"1\"");
    assertThat(first.path("cost").asText()).isEqualTo("0.000111");
    assertThat(text).endsWith("\n");
  }

  @Test
  void noCallsAreNoLinesButTheHeader() {
    assertThat(ExportFormat.JSONL.lines(List.of(), true)).isEmpty();
    assertThat(ExportFormat.CSV.lines(List.of(), false)).isEmpty();
  }

  @Test
  void formatsAreFoundByName() {
    assertThat(ExportFormat.of("csv")).contains(ExportFormat.CSV);
    assertThat(ExportFormat.of("jsonl")).contains(ExportFormat.JSONL);
    assertThat(ExportFormat.of("xml")).isEmpty();
  }

  @Test
  void totalsCountACallInProgressApart() {
    LedgerRow open =
        new LedgerRow(
            3,
            "r",
            "k",
            "c",
            "",
            "chat",
            "m",
            "p",
            "e",
            9,
            0,
            0,
            9,
            0,
            0,
            0,
            true,
            "9",
            "2026-11-21T10:00:00Z",
            null,
            null,
            1,
            "open",
            "",
            "");

    UsageTotals totals =
        UsageTotals.of(List.of(UsageTotals.of(ROW), UsageTotals.of(open), UsageTotals.of(ROW)));

    assertThat(totals.calls()).isEqualTo(2);
    assertThat(totals.openCalls()).isEqualTo(1);
    assertThat(totals.inputTokens()).isEqualTo(2);
    assertThat(totals.cost()).isEqualTo("0.000222");
  }
}
