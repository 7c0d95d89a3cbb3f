package dev.concert.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.json.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Requests made from the table: valid ones, and values outside the bounds of a field. */
final class Examples {
  private Examples() {}

  /** A valid request: its required fields, and what its rule between fields asks for. */
  static ObjectNode of(ApiOperation<?, ?> row) {
    ObjectNode request = Json.MAPPER.createObjectNode();
    row.fields().stream()
        .filter(Field::required)
        .forEach(field -> request.set(field.name(), valid(field)));
    if (row == ContractTable.ANSWER_QUESTION) {
      request.put("approved", true);
    }
    if (row == MemberOperations.INVITE_MEMBER) {
      request.put("email", "ann@example.com");
    }
    if (row == AutomationOperations.PREVIEW_AUTOMATION) {
      request.putObject("trigger").put("kind", "manual");
    }
    if (row == ContractTable.RESTORE_FILES) {
      request.put("at", 5);
    }
    return request;
  }

  static JsonNode valid(Field field) {
    return switch (field.kind()) {
      case STRING -> TextNode.valueOf(field.choices().stream().findFirst().orElse("x"));
      case INTEGER -> IntNode.valueOf(1);
      case BOOLEAN -> Json.MAPPER.getNodeFactory().booleanNode(true);
      case OBJECT -> Json.MAPPER.createObjectNode().put("k", 1);
      case ARRAY -> Json.MAPPER.createArrayNode();
      case BYTES -> BinaryNode.valueOf(new byte[] {1});
    };
  }

  static List<JsonNode> outOfBounds(Field field) {
    List<JsonNode> wrong = new ArrayList<>();
    switch (field.kind()) {
      case STRING -> {
        wrong.add(Json.MAPPER.createObjectNode());
        wrong.add(TextNode.valueOf("x".repeat((int) field.max() + 1)));
        if (field.min() > 0) {
          wrong.add(TextNode.valueOf(""));
        }
        if (!field.choices().isEmpty()) {
          wrong.add(TextNode.valueOf("another"));
        }
      }
      case INTEGER -> {
        wrong.add(TextNode.valueOf("one"));
        wrong.add(Json.MAPPER.getNodeFactory().numberNode(1.5));
        wrong.add(number(BigInteger.valueOf(field.min()).subtract(BigInteger.ONE)));
        wrong.add(number(BigInteger.valueOf(field.max()).add(BigInteger.ONE)));
        wrong.add(number(BigInteger.TWO.pow(64).add(BigInteger.ONE)));
      }
      case BOOLEAN -> wrong.add(TextNode.valueOf("yes"));
      case OBJECT -> {
        wrong.add(Json.MAPPER.createArrayNode());
        wrong.add(Json.MAPPER.createObjectNode().put("k", "x".repeat((int) field.max())));
        wrong.add(nested(WireProtocol.MAX_DEPTH + 1));
        wrong.add(nested(990));
      }
      case ARRAY -> {
        wrong.add(Json.MAPPER.createObjectNode());
        wrong.add(Json.MAPPER.createArrayNode().add(nested(WireProtocol.MAX_DEPTH)));
      }
      case BYTES -> wrong.add(TextNode.valueOf("eA=="));
    }
    return wrong;
  }

  /** Objects inside each other, this many in all. */
  static ObjectNode nested(int levels) {
    ObjectNode value = Json.MAPPER.createObjectNode();
    for (int i = 1; i < levels; i++) {
      value = (ObjectNode) Json.MAPPER.createObjectNode().set("k", value);
    }
    return value;
  }

  private static JsonNode number(BigInteger value) {
    return Json.MAPPER.getNodeFactory().numberNode(value);
  }
}
