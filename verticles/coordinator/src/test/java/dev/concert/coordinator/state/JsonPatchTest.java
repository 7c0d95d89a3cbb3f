package dev.concert.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.coordinator.ipc.AgentFrame.Delta;
import dev.concert.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}             | add     | /a     | 1   | {'a':1}",
        "{'a':1}        | replace | /a     | 2   | {'a':2}",
        "{}             | replace | /a     | 2   | {'a':2}",
        "{'a':1}        | remove  | /a     |     | {}",
        "{}             | remove  | /a     |     | {}",
        "{'a':[1]}      | add     | /a/-   | 2   | {'a':[1,2]}",
        "{'a':[1,3]}    | add     | /a/1   | 2   | {'a':[1,2,3]}",
        "{'a':[1,2]}    | replace | /a/0   | 9   | {'a':[9,2]}",
        "{'a':[1,2]}    | remove  | /a/0   |     | {'a':[2]}",
        "{'a':{'b':{}}} | add     | /a/b/c | 'x' | {'a':{'b':{'c':'x'}}}",
        "{'x/y':1}      | replace | /x~1y  | 2   | {'x/y':2}",
        "{'a':1}        | replace | ``     | {}  | {}",
      })
  void anOperationChangesThePlaceItNames(
      String before, String op, String path, String value, String after) {
    assertThat(
            JsonPatch.apply(json(before), new Delta(op, path, value == null ? null : json(value))))
        .isEqualTo(json(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}        | add     | /a/b",
        "{'a':[]}  | replace | /a/0",
        "{'a':[]}  | remove  | /a/-",
        "{'a':[]}  | add     | /a/2",
        "{'a':[]}  | add     | /a/01",
        "{'a':1}   | add     | /a/b",
        "{'a':1}   | move    | /a",
        "{'a':1}   | add     | a",
      })
  void anOperationThatFitsNowhereIsRefusedAndChangesNothing(String before, String op, String path) {
    JsonNode document = json(before);
    assertThatThrownBy(() -> JsonPatch.apply(document, new Delta(op, path, json("1"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(document).isEqualTo(json(before));
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
