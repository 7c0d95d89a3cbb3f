package dev.concert.contract;

import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Permission;
import dev.concert.protocol.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One row of the contract table.
 *
 * @param name type of the message on the WebSocket, and operation id in OpenAPI
 * @param request the record that a handler receives
 * @param replies the records that a caller may receive; an event of the session comes with its
 *     place in the session
 * @param permission what the caller must be allowed to do; empty when every caller may
 * @param since the protocol version that brought it
 * @param onSocket whether it is a message on the WebSocket
 * @param http its HTTP route, if it has one
 * @param planned whether it is described but not served yet
 * @param timeout how long a caller waits for the reply
 * @param rule checks what one field alone cannot show; gives the fault, which names the fields
 * @param <Q> the request
 * @param <R> what the handler answers with: a reply record, or a {@link SessionEvent}
 */
public record ApiOperation<Q extends ClientMessage, R>(
    String name,
    Class<Q> request,
    List<Class<? extends Record>> replies,
    Optional<Permission> permission,
    Scope scope,
    int since,
    List<Field> fields,
    boolean onSocket,
    Optional<HttpRoute> http,
    boolean planned,
    Duration timeout,
    Function<Q, Optional<String>> rule) {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** What an operation is about. */
  public enum Scope {
    /** The caller, or the caller's tenant. */
    CONNECTION,
    /** One session. ContractTable of a session start in the order in which they arrive. */
    SESSION
  }

  /** A message on the WebSocket that is answered with a record of its own. */
  static <Q extends ClientMessage, R extends Record> ApiOperation<Q, R> message(
      String name, Class<Q> request, Class<? extends R> reply) {
    return new ApiOperation<Q, R>(name, request, List.of(reply), true, Optional.empty());
  }

  /** A message on the WebSocket that is answered with an event of the session. */
  static <Q extends ClientMessage> ApiOperation<Q, SessionEvent> event(
      String name, Class<Q> request, Class<? extends Record> reply) {
    return new ApiOperation<Q, SessionEvent>(name, request, List.of(reply), true, Optional.empty());
  }

  /** An operation that only HTTP serves. */
  static <Q extends ClientMessage, R extends Record> ApiOperation<Q, R> route(
      String name,
      Class<Q> request,
      Class<? extends R> reply,
      HttpRoute.Method method,
      String path) {
    return new ApiOperation<Q, R>(
        name, request, List.of(reply), false, Optional.of(new HttpRoute(method, path)));
  }

  private ApiOperation(
      String name,
      Class<Q> request,
      List<Class<? extends Record>> replies,
      boolean onSocket,
      Optional<HttpRoute> http) {
    this(
        name,
        request,
        replies,
        Optional.empty(),
        ClientMessage.ForSession.class.isAssignableFrom(request) ? Scope.SESSION : Scope.CONNECTION,
        1,
        List.of(),
        onSocket,
        http,
        false,
        DEFAULT_TIMEOUT,
        _ -> Optional.empty());
  }

  ApiOperation<Q, R> needs(Permission needed) {
    return with(replies, Optional.of(needed), fields, http, planned, timeout, rule);
  }

  ApiOperation<Q, R> takes(Field... taken) {
    return with(replies, permission, List.of(taken), http, planned, timeout, rule);
  }

  /** This operation, which may also be answered with that record. */
  ApiOperation<Q, R> orReplies(Class<? extends Record> other) {
    return with(
        List.of(replies.getFirst(), other), permission, fields, http, planned, timeout, rule);
  }

  /** This operation, which HTTP serves as well. */
  ApiOperation<Q, R> alsoAt(HttpRoute.Method method, String path) {
    return with(
        replies,
        permission,
        fields,
        Optional.of(new HttpRoute(method, path)),
        planned,
        timeout,
        rule);
  }

  /** This operation, whose HTTP replies have this status. */
  ApiOperation<Q, R> withStatus(int status) {
    return with(
        replies,
        permission,
        fields,
        http.map(route -> new HttpRoute(route.method(), route.path(), status)),
        planned,
        timeout,
        rule);
  }

  /** This operation, described but not served yet. */
  public ApiOperation<Q, R> notServedYet() {
    return with(replies, permission, fields, http, true, timeout, rule);
  }

  /** This operation, which this version of the protocol brought. */
  ApiOperation<Q, R> since(int version) {
    return new ApiOperation<>(
        name,
        request,
        replies,
        permission,
        scope,
        version,
        fields,
        onSocket,
        http,
        planned,
        timeout,
        rule);
  }

  ApiOperation<Q, R> within(Duration limit) {
    return with(replies, permission, fields, http, planned, limit, rule);
  }

  ApiOperation<Q, R> where(Function<Q, Optional<String>> check) {
    return with(replies, permission, fields, http, planned, timeout, check);
  }

  private ApiOperation<Q, R> with(
      List<Class<? extends Record>> newReplies,
      Optional<Permission> newPermission,
      List<Field> newFields,
      Optional<HttpRoute> newHttp,
      boolean newPlanned,
      Duration newTimeout,
      Function<Q, Optional<String>> newRule) {
    return new ApiOperation<>(
        name,
        request,
        newReplies,
        newPermission,
        scope,
        since,
        newFields,
        onSocket,
        newHttp,
        newPlanned,
        newTimeout,
        newRule);
  }

  /** What is wrong between the fields of this request, if anything. */
  Optional<String> faultBetweenFields(ClientMessage message) {
    return rule.apply(request.cast(message));
  }

  /** The field that is the whole body of the HTTP request, if there is one. */
  public Optional<Field> bodyField() {
    return fields.stream().filter(field -> field.kind() == Field.Kind.BYTES).findFirst();
  }

  /** The fields that an HTTP request carries in its query. */
  public List<Field> queryFields() {
    HttpRoute route = http.orElseThrow();
    boolean all = !route.method().hasBody() || bodyField().isPresent();
    return fields.stream()
        .filter(field -> field.kind() != Field.Kind.BYTES)
        .filter(field -> !route.parameters().contains(field.name()))
        .filter(field -> all || field.inQuery())
        .toList();
  }

  /** The fields that an HTTP request carries in its JSON body. */
  public List<Field> jsonFields() {
    HttpRoute route = http.orElseThrow();
    return fields.stream()
        .filter(field -> field.kind() != Field.Kind.BYTES)
        .filter(field -> !route.parameters().contains(field.name()))
        .filter(field -> !queryFields().contains(field))
        .toList();
  }

  /** The most bytes that the body of an HTTP request may have; 0 when it has none. */
  public long maxBody() {
    return http.filter(route -> route.method().hasBody())
        .map(_ -> bodyField().map(Field::max).orElseGet(this::maxJsonBody))
        .orElse(0L);
  }

  /** A field as long as a frame comes over HTTP as it comes over the WebSocket. */
  private long maxJsonBody() {
    return jsonFields().stream()
            .filter(field -> field.kind() == Field.Kind.STRING || field.kind() == Field.Kind.OBJECT)
            .anyMatch(field -> field.max() >= WireProtocol.MAX_JSON_BODY)
        ? WireProtocol.MAX_FRAME
        : WireProtocol.MAX_JSON_BODY;
  }
}
