package dev.concert.contract;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an operation is served over HTTP.
 *
 * @param path template as in OpenAPI, for example {@code /api/sessions/{sessionId}/files}. A last
 *     parameter that ends with {@code +}, as in <code>{path+}</code>, takes the rest of the path
 *     with its slashes.
 * @param status of a reply: 200, or 201 where it creates something, or 202 where work goes on
 */
public record HttpRoute(Method method, String path, int status) {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)(\\+?)}");

  /** A route whose replies have the status 200. */
  HttpRoute(Method method, String path) {
    this(method, path, 200);
  }

  /** The methods that routes have. */
  public enum Method {
    GET,
    PUT,
    POST,
    DELETE;

    boolean hasBody() {
      return this == PUT || this == POST;
    }
  }

  /** The fields that are parts of the path. */
  public List<String> parameters() {
    return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
  }

  /** The parameter that takes the rest of the path; empty when there is none. */
  public String rest() {
    return PARAMETER
        .matcher(path)
        .results()
        .filter(found -> !found.group(2).isEmpty())
        .map(found -> found.group(1))
        .findFirst()
        .orElse("");
  }

  /** The path as OpenAPI writes it. */
  String template() {
    return PARAMETER
        .matcher(path)
        .replaceAll(found -> Matcher.quoteReplacement("{" + found.group(1) + "}"));
  }

  /** The path as Vert.x writes it: {@code :name} for a parameter, {@code *} for the rest. */
  public String pattern() {
    return PARAMETER
        .matcher(path)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(found.group(2).isEmpty() ? ":" + found.group(1) : "*"));
  }
}
