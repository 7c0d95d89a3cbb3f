package dev.concert.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerProtocol;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProtocolDocumentTest {
  private static final Path DOCS = Path.of(System.getProperty("concert.home"), "docs");

  /** Run with {@code -Dconcert.golden=update} to write the file anew after a deliberate change. */
  @Test
  void theCheckedInProtocolIsWhatTheTablesSay() throws Exception {
    assertChecked("protocol.json", ProtocolDocument.create());
  }

  @Test
  void theCheckedInOpenApiDocumentIsWhatTheTableSays() throws Exception {
    assertChecked("openapi.json", OpenApiDocument.create());
  }

  private static void assertChecked(String name, JsonNode document) throws Exception {
    Path golden = DOCS.resolve(name);
    String actual =
        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    if ("update".equals(System.getProperty("concert.golden"))) {
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(golden));
  }

  @Test
  void theProtocolHas21MessagesAnd51Events() {
    assertThat(ContractTable.rows().stream().filter(row -> row.onSocket() && row.since() == 1))
        .hasSize(21);
    assertThat(ServerProtocol.rows().stream().filter(row -> row.since() == 1)).hasSize(51);
  }

  @Test
  void anOperationThatIsNotServedYetIsNotInTheOpenApiDocument() {
    String document = OpenApiDocument.create().toString();
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      boolean described = document.contains("\"operationId\":\"" + row.name() + "\"");
      assertThat(described).as(row.name()).isEqualTo(row.http().isPresent() && !row.planned());
    }
  }
}
