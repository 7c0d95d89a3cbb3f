package dev.concert.ensemble.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Any JSON a vendor could invent. */
final class ArbitraryJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ArbitraryJson() {}

  /** Fields that are not among the taken ones. */
  static Arbitrary<ObjectNode> fieldsBeside(Set<String> taken) {
    return Arbitraries.maps(names().filter(name -> !taken.contains(name)), value(2))
        .ofMaxSize(4)
        .map(ArbitraryJson::object);
  }

  private static Arbitrary<JsonNode> value(int depth) {
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .ofMaxLength(12)
                .filter(ArbitraryJson::isText)
                .<JsonNode>map(JSON::textNode),
            Arbitraries.longs().<JsonNode>map(number -> JSON.numberNode(number)),
            // With digits a binary fraction would lose, trailing zeros too.
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .ofScale(9)
                .<JsonNode>map(number -> JSON.numberNode(number)),
            Arbitraries.<JsonNode>of(JSON.booleanNode(true), JSON.nullNode()));
    if (depth == 0) {
      return leaf;
    }
    return Arbitraries.oneOf(
        leaf,
        value(depth - 1).list().ofMaxSize(3).<JsonNode>map(list -> JSON.arrayNode().addAll(list)),
        Arbitraries.maps(names(), value(depth - 1))
            .ofMaxSize(3)
            .<JsonNode>map(ArbitraryJson::object));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().ofMinLength(1).ofMaxLength(8).filter(ArbitraryJson::isText);
  }

  /** Half a surrogate pair is no text that UTF-8 could carry. */
  private static boolean isText(String text) {
    return text.codePoints().noneMatch(each -> each >= 0xD800 && each <= 0xDFFF);
  }

  private static ObjectNode object(Map<String, JsonNode> fields) {
    ObjectNode node = JSON.objectNode();
    node.setAll(fields);
    return node;
  }
}
