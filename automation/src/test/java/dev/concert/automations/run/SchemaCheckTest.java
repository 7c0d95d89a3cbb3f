package dev.concert.automations.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that have to match a JSON Schema. */
class SchemaCheckTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["name", "size"],
       "properties": {
         "name": {"type": "string", "pattern": "^[a-z]+$"},
         "size": {"$ref": "#/$defs/size"},
         "all": {"type": "array", "items": {"type": "integer"}}},
       "$defs": {"size": {"type": "integer", "minimum": 1}}}
      """;

  @Test
  void whatMatchesMatches() {
    assertThat(SchemaCheck.of(SCHEMA).mismatch("{\"name\":\"a\",\"size\":1,\"all\":[1,2]}"))
        .isEmpty();
    assertThat(SchemaCheck.of("{\"type\":\"array\"}").mismatch("[]")).isEmpty();
    assertThat(
            SchemaCheck.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}")
                .mismatch("1"))
        .isEmpty();
  }

  @Test
  void whatDoesNotMatchIsNamedWithItsPlace() {
    SchemaCheck check = SchemaCheck.of(SCHEMA);

    assertThat(check.mismatch("{\"name\":\"a\"}").orElseThrow()).contains("size");
    assertThat(check.mismatch("{\"name\":\"a\",\"size\":0}").orElseThrow()).contains("#/size");
    assertThat(check.mismatch("{\"name\":\"a\",\"size\":1,\"all\":[1,\"x\"]}").orElseThrow())
        .contains("#/all");
    assertThat(check.mismatch("{\"name\":").orElseThrow()).isEqualTo("It is not JSON.");
    assertThat(check.mismatch("").orElseThrow()).isEqualTo("It is not JSON.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"$schema\":\"https://example.com/mine\"}",
        "{\"$ref\":\"https://example.com/other.json\"}",
        "{\"$ref\":\"#/$defs/absent\"}",
      })
  void whatIsNoSchemaIsRefusedWithASentence(String text) {
    assertThatThrownBy(() -> SchemaCheck.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The schema");
  }
}
