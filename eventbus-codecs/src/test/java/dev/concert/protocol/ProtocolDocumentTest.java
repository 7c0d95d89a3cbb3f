package dev.concert.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProtocolDocumentTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("concert.home"), "docs/protocol.json");

  /** Run with {@code -Dconcert.golden=update} to write the file anew after a deliberate change. */
  @Test
  void theCheckedInDocumentIsWhatTheTablesSay() throws Exception {
    String actual =
        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(ProtocolDocument.create())
            + "\n";
    if ("update".equals(System.getProperty("concert.golden"))) {
      Files.writeString(GOLDEN, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(GOLDEN));
  }

  @Test
  void thereAre21MessagesAnd51Events() {
    assertThat(ClientProtocol.rows()).hasSize(21);
    assertThat(ServerProtocol.rows()).hasSize(51);
  }

  @Test
  void everyMessageRecordHasARowAndEveryRowDescribesItsRecord() {
    for (ClientProtocol.Row row : ClientProtocol.rows()) {
      assertThat(row.fields().stream().map(Field::name))
          .as(row.type())
          .containsExactlyInAnyOrderElementsOf(
              java.util.Arrays.stream(row.message().getRecordComponents())
                  .map(java.lang.reflect.RecordComponent::getName)
                  .toList());
    }
  }
}
