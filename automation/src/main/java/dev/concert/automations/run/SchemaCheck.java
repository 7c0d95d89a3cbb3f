package dev.concert.automations.run;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.List;
import java.util.Optional;

/**
 * Whether JSON matches a JSON Schema. References lead into the schema itself only: nothing is
 * fetched. Blocking, as long as the schema and the text are large.
 */
public final class SchemaCheck {
  private static final String BASE = "https://concert.invalid/check";
  private static final int MAX_ERRORS = 3;

  private final JsonObject schema;

  private SchemaCheck(JsonObject schema) {
    this.schema = schema;
  }

  /**
   * @param text a JSON Schema, of draft 2020-12 where it names no other
   * @throws IllegalArgumentException with a sentence, where it is none
   */
  public static SchemaCheck of(String text) {
    JsonObject schema;
    try {
      schema = new JsonObject(text);
    } catch (DecodeException e) {
      throw new IllegalArgumentException("The schema is no JSON object", e);
    }
    SchemaCheck check = new SchemaCheck(schema);
    try {
      check.validate(new JsonObject());
    } catch (RuntimeException e) {
      // What is wrong with a schema, the library tells by exceptions of many types.
      throw new IllegalArgumentException(
          "The schema cannot be used: " + String.valueOf(e.getMessage()), e);
    }
    return check;
  }

  /** The first things that do not match, as one sentence; empty where all of it does. */
  Optional<String> mismatch(String content) {
    Object value;
    try {
      value = Json.decodeValue(content);
    } catch (DecodeException e) {
      return Optional.of("It is not JSON.");
    }
    OutputUnit found = validate(value);
    if (Boolean.TRUE.equals(found.getValid())) {
      return Optional.empty();
    }
    List<OutputUnit> errors = found.getErrors() == null ? List.of() : found.getErrors();
    List<String> shown =
        errors.stream()
            .limit(MAX_ERRORS)
            .map(one -> "%s: %s".formatted(one.getInstanceLocation(), one.getError()))
            .toList();
    return Optional.of(shown.isEmpty() ? "It does not match." : String.join("; ", shown) + ".");
  }

  private OutputUnit validate(Object value) {
    Draft draft =
        schema.getValue("$schema") instanceof String name
            ? Draft.fromIdentifier(name)
            : Draft.DRAFT202012;
    return Validator.create(
            JsonSchema.of(schema),
            new JsonSchemaOptions()
                .setBaseUri(BASE)
                .setDraft(draft)
                .setOutputFormat(OutputFormat.Basic))
        .validate(value);
  }
}
