package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientField;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the fields of a request as its client sent them. Requests are checked in the native format,
 * in which messages and blocks have other names and places; a mapper notes in {@link #FROM} where
 * each came from.
 *
 * @param converted the request in the native format; converted again only to name a field
 * @param names what the client calls a native field
 */
public record FieldNames(Supplier<ObjectNode> converted, List<Name> names) {
  /** The native field with the client's path; the native reader does not know it. */
  public static final String FROM = "client_path";

  /** The path that begins a message about a field, as {@link VendorJson#wrong} writes it. */
  private static final Pattern FIELD =
      Pattern.compile("^([A-Za-z_]+(?:\\[\\d+]|\\.[A-Za-z_]+)*): ", Pattern.DOTALL);

  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|\\.?([A-Za-z_]+)");

  /**
   * A native path, or the end of one, and the client's.
   *
   * @param ours ends of paths begin with a dot; indices are left out
   */
  public record Name(String ours, String theirs) {}

  public FieldNames {
    names = List.copyOf(names);
  }

  /** Of a client that sends the native format. */
  public static FieldNames nativeOnes() {
    return new FieldNames(VendorJson::newObject, List.of());
  }

  /**
   * Reads and checks the request.
   *
   * @throws ConcertException naming the wrong field as the client knows it
   */
  public InferenceRequest read() {
    return read(converted.get());
  }

  /** The same of a request that is converted already. */
  public InferenceRequest read(ObjectNode ours) {
    try {
      return RequestReader.read(ours);
    } catch (ConcertException wrong) {
      throw in(wrong.problem()).toException();
    }
  }

  /** The same problem in the client's words. */
  public Problem in(Problem problem) {
    if (ClientField.isIn(problem)) {
      return ClientField.withoutMark(problem);
    }
    Matcher field = FIELD.matcher(problem.message());
    if (problem.code() != ErrorCode.INVALID_MESSAGE || names.isEmpty() || !field.find()) {
      return problem;
    }
    String path = client(field.group(1));
    return new Problem(
        problem.code(),
        path + problem.message().substring(field.end(1)),
        problem.retryAfterMs(),
        problem.service(),
        problem.details());
  }

  /** The field that a problem names; empty if it names none. */
  static String of(Problem problem) {
    Matcher field = FIELD.matcher(problem.message());
    return problem.code() == ErrorCode.INVALID_MESSAGE && field.find() ? field.group(1) : "";
  }

  private String client(String path) {
    JsonNode node = converted.get();
    String from = "";
    int rest = 0;
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      node =
          step.group(1) == null
              ? node.path(step.group(2))
              : node.path(Integer.parseInt(step.group(1)));
      if (node.path(FROM).isTextual()) {
        from = node.path(FROM).asText();
        rest = step.end();
      }
    }
    return from + renamed(path.substring(rest));
  }

  private String renamed(String path) {
    for (Name name : names) {
      boolean same =
          path.startsWith(name.ours())
              && (path.length() == name.ours().length()
                  || ".[".indexOf(path.charAt(name.ours().length())) >= 0);
      if (same) {
        return name.theirs() + path.substring(name.ours().length());
      }
    }
    return path;
  }
}
