package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.UncarriedField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the parts of a request that have no native equivalent, while a mapper reads it. Of each
 * kind of field only the first is named: a long conversation has many of one kind. Not thread-safe.
 */
public final class UncarriedFields {
  private static final int MOST = 50;
  private static final int LONGEST = 120;

  private final List<UncarriedField> fields = new ArrayList<>();
  private final Set<String> kinds = new HashSet<>();

  /** The request means the same without this field. */
  public void harmless(String path) {
    add(new UncarriedField(clean(path), false));
  }

  /** The request means something else without this field. */
  public void essential(String path) {
    add(new UncarriedField(clean(path), true));
  }

  /** Names every field of an object that is not known, as harmless. */
  public void unknownIn(JsonNode object, String path, Set<String> known) {
    for (var field : object.properties()) {
      if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
        harmless(path.isEmpty() ? field.getKey() : path + "." + field.getKey());
      }
    }
  }

  /** The same, but what is empty carries nothing: clients send answers back as they got them. */
  public void unknownContentIn(JsonNode object, String path, Set<String> known) {
    for (var field : object.properties()) {
      JsonNode value = field.getValue();
      boolean empty =
          value.isNull() || (value.isValueNode() ? value.asText().isEmpty() : value.isEmpty());
      if (!known.contains(field.getKey()) && !empty) {
        harmless(path + "." + field.getKey());
      }
    }
  }

  public List<UncarriedField> found() {
    return List.copyOf(fields);
  }

  /** Names of unknown fields come from the client and go into a header and the log. */
  private static String clean(String path) {
    String printable = path.replaceAll("[^A-Za-z0-9_.\\[\\]-]", "?");
    return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "...";
  }

  private void add(UncarriedField field) {
    boolean room = fields.size() < MOST || field.essential();
    if (room && kinds.add(field.path().replaceAll("\\[\\d+]", "[]") + field.essential())) {
      fields.add(field);
    }
  }
}
