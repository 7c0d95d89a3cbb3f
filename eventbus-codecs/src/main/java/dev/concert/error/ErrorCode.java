package dev.concert.error;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every way in which Concert can refuse or fail, with what each edge needs to say so.
 *
 * <p>The name is the wire code of the client protocol (protocol.md, "Error codes") and never
 * changes. The number is the failure code on the event bus. The status is the HTTP status. The
 * advice completes the sentence "what to do next" and is safe to show.
 */
public enum ErrorCode {
  INVALID_JSON(1, 400, "Send one JSON object per text frame."),
  INVALID_MESSAGE(2, 400, "Correct the named field and send the message again."),
  MESSAGE_TOO_LARGE(3, 413, "Send less at once, or put the content into a file of the workspace."),
  RATE_LIMITED(4, 429, "Wait for the named time and try again."),
  AUTH_RATE_LIMITED(5, 429, "Wait for the named time and try again."),
  AUTH_FAILED(6, 401, "Get a new token and authenticate again."),
  UNAUTHENTICATED(7, 401, "Send 'authenticate' first."),
  PROTOCOL_VERSION_MISMATCH(8, 400, "Ask for one of the versions named in 'welcome'."),
  /** The contract describes this operation, and this server does not serve it yet. */
  NOT_SERVED(9, 501, "Use another message: GET /openapi.json and docs/protocol.json list them."),

  FORBIDDEN(20, 403, "Ask an administrator of your tenant for the named permission."),
  SESSION_NOT_FOUND(21, 404, "Check the session id, or list your sessions."),
  SESSION_ARCHIVED(22, 409, "Unarchive the session first."),
  SESSION_INACTIVE(23, 409, "Start a turn: it activates the session."),
  TURN_IN_PROGRESS(24, 409, "Wait for the turn to end, steer it, or stop it."),
  NO_TURN(25, 409, "Start a turn first."),
  QUESTION_NOT_FOUND(26, 404, "The question was answered already, or its turn is over."),
  AGENT_TYPE_UNKNOWN(27, 404, "Choose one of the agent types named in the message."),
  FILE_NOT_FOUND(28, 404, "List the files to see what is there."),
  ITERATION_NOT_FOUND(29, 404, "Ask for the file's history to see its iterations."),
  PATH_INVALID(30, 400, "Use a path relative to the workspace, without '..'."),
  FILE_TOO_LARGE(31, 413, "Take it in pieces, or use it inside the workspace."),
  INSUFFICIENT_CREDITS(32, 402, "Add credit to the tenant."),
  LAST_OWNER(33, 409, "Make somebody else an owner first."),
  MEMBER_NOT_FOUND(34, 404, "List the members to see who is there."),
  INVITATION_NOT_FOUND(48, 404, "Ask who invited you for a new invitation."),
  SNAPSHOT_NOT_FOUND(35, 404, "List the snapshots to see which there are."),
  SNAPSHOT_EXISTS(36, 409, "Choose another name, or delete the snapshot that has it."),
  TOO_MANY_SNAPSHOTS(37, 409, "Delete snapshots that are not needed any more."),
  WORKSPACE_FULL(38, 507, "Delete files that are not needed, or ask an operator for more room."),
  WORKSPACE_READ_ONLY(39, 503, "Tell an operator: the host's disk has to be looked at."),
  /** What is written is there, but has no iteration yet. */
  WORKSPACE_UNRECORDED(40, 503, "Nothing is lost; tell an operator if it lasts."),
  /** What is stored of an iteration is not what was put, and there is no copy of it. */
  CONTENT_DAMAGED(41, 500, "Nothing else is affected; 'concert chronicle verify' tells what is."),
  CONTENT_UNAVAILABLE(42, 503, "Try again in a moment; an operator finds the cause in /health."),

  /** It never was part of the conversation, or a rewind took it out. */
  MESSAGE_NOT_FOUND(44, 404, "Read the history to see which messages there are."),

  SHARE_NOT_FOUND(47, 404, "List the shares of the session to see which there are."),
  TOO_MANY_SHARES(49, 409, "Revoke shares that are not needed any more."),

  /** A body that drips. */
  UPLOAD_TOO_SLOW(43, 408, "Send it again over a faster connection, or in smaller files."),

  PODIUM_UNAVAILABLE(50, 503, "Try again in a moment; an operator finds the cause in /health."),
  ENSEMBLE_UNAVAILABLE(51, 503, "Try again in a moment; an operator finds the cause in /health."),
  AGENT_CRASHED(52, 502, "Send the message again: a fresh agent starts on the same workspace."),
  /** The agent's own code failed on a message; its process lives on. */
  AGENT_ERROR(54, 502, "Send the message again; what went wrong is in the agent's log."),
  TIMEOUT(53, 504, "Try again; if it lasts, look at /health."),
  BRIDGES_UNAVAILABLE(56, 503, "Try again in a moment; an operator finds the cause in /health."),
  BRIDGE_NOT_FOUND(57, 404, "List your bridges to see which there are."),
  /** The chat platform's account is connected already, perhaps by another tenant. */
  BRIDGE_EXISTS(58, 409, "Remove the other connection first."),
  /** The chat platform does not take the credentials. */
  BRIDGE_REFUSED(59, 400, "Check the named credential at the chat platform, and send it again."),
  /** No connection of the tenant serves it, or it is not there. */
  REPOSITORY_NOT_FOUND(74, 404, "List your repositories to see which there are."),
  ISSUE_NOT_FOUND(75, 404, "List the issues and pull requests to see which there are."),
  /** The repository host refuses what was asked. */
  REPOSITORY_REFUSED(76, 422, "Change what the message names, then send it again."),
  AUTOMATIONS_UNAVAILABLE(
      96, 503, "Try again in a moment; an operator finds the cause in /health."),
  AUTOMATION_NOT_FOUND(97, 404, "List your automations to see which there are."),
  INBOX_ITEM_NOT_FOUND(98, 404, "List your inbox to see what is there."),
  TOO_MANY_AUTOMATIONS(85, 409, "Delete automations that are not needed any more."),
  /** Another node owns what was asked for. Concert itself looks for it, once. */
  NOT_OWNER(55, 421, "Try again in a moment; an operator finds the nodes in /health."),

  /** The model named in a request is not served here. */
  MODEL_UNKNOWN(60, 404, "Choose one of the models that GET /api/v1/models names."),
  /** The provider refused the request itself: trying it again does not help. */
  PROVIDER_REJECTED(61, 400, "Change the request as the message says."),
  /** The provider refused our credentials. */
  PROVIDER_AUTH(62, 502, "An operator has to check the provider's key."),
  /** The provider asked us to slow down. */
  PROVIDER_RATE_LIMITED(63, 429, "Wait for the named time and try again."),
  /** The provider failed, cut its answer short, or sent what it should not. */
  PROVIDER_FAILED(64, 502, "Try again; if it lasts, choose another model."),

  /** The prompt does not fit into the model's context window, or the request into the provider. */
  CONTEXT_TOO_LONG(65, 400, "Shorten the conversation, or choose a model with a larger window."),
  /** The provider's policy refused the request before the model saw it. */
  PROVIDER_BLOCKED(66, 400, "Change what is asked: the provider does not serve it."),
  /** The provider has more to do than it can. */
  PROVIDER_OVERLOADED(67, 503, "Try again in a moment, or choose another model."),
  /** Our account at the provider is empty or over its limit. */
  PROVIDER_QUOTA(68, 502, "An operator has to look at the account with the provider."),

  /** A call might cost more than is left of what a key or a customer may spend. */
  BUDGET_EXCEEDED(69, 402, "Ask for a shorter answer, or wait until the budget begins anew."),

  /** The operator's own check of texts has stopped the call. */
  GUARDRAIL_BLOCKED(100, 400, "Leave out what the message names, or ask an operator."),

  /** The path names something by an id that there is not. */
  NOT_FOUND(80, 404, "Check the path and the ids in it."),
  /** The path exists, and not for this method. */
  METHOD_NOT_ALLOWED(81, 405, "Use one of the methods that the header 'Allow' names."),
  /** A web page of another origin, or a host name that is not ours. */
  ORIGIN_REFUSED(
      82,
      403,
      "Open the page that this server itself serves, or name the origin in gateway.origins."),
  /** A program of another user of the machine. */
  CALLER_REFUSED(83, 403, "Run the program as the user who runs the server."),
  TOO_MANY_CONNECTIONS(84, 503, "Close connections that are not needed, or try again later."),
  /** The request came in the clear, to a server that takes tokens over TLS only. */
  TLS_REQUIRED(86, 426, "Use https, at the address that the operator names."),
  /** Nobody can say whether a token is good. */
  ISSUER_UNAVAILABLE(87, 503, "Try again in a moment; an operator finds the cause in the log."),

  /** The server ends, or is replaced by another: nothing new begins. */
  SERVER_DRAINING(88, 503, "Connect again after the named time, and send the message again."),
  /** The server ended while a turn ran. */
  SERVER_RESTARTED(89, 503, "Send the message again: a fresh agent starts on the same workspace."),

  /** The server's disk is full or fails. */
  STORAGE_UNAVAILABLE(
      73, 503, "Send it again after the named time; an operator has to make room on the disk."),

  IDEMPOTENCY_KEY_REUSED(93, 422, "Use a new Idempotency-Key for another request."),
  /** The request was interrupted, or its reply held a secret that is shown once. */
  IDEMPOTENCY_REPLY_GONE(
      94, 409, "Look whether the request took effect; if not, send it with a new key."),
  /** The thing is not, or no longer, in the version that the caller named. */
  PRECONDITION_FAILED(95, 412, "Read it again, and decide whether the change still fits."),

  /** No answer of this id is kept for whoever asks. */
  ANSWER_NOT_FOUND(70, 404, "Check the request id; answers are kept for a limited time."),
  /** The call was ended by who had asked for it. */
  CALL_CANCELLED(71, 409, "Send the request again if it is wanted after all."),
  /** Ensemble itself ended in the middle of the call. */
  CALL_INTERRUPTED(72, 502, "Send the request again."),

  KEY_NOT_FOUND(90, 404, "List your keys to see which there are."),
  CSRF_REFUSED(92, 403, "Send the token of /auth/session in the header X-CSRF-Token."),
  TOO_MANY_KEYS(91, 409, "Revoke keys that are not needed any more."),

  INTERNAL(99, 500, "Try again; if it lasts, tell an operator the time of this message.");

  private final int number;
  private final int httpStatus;
  private final String advice;

  ErrorCode(int number, int httpStatus, String advice) {
    this.number = number;
    this.httpStatus = httpStatus;
    this.advice = advice;
  }

  /** Failure code of a bus reply; stable. */
  public int number() {
    return number;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** One sentence that tells the reader what to do next. */
  public String advice() {
    return advice;
  }

  /** The code with this bus number, if there is one. */
  public static Optional<ErrorCode> ofNumber(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }

  /** The code with this wire name, if there is one. */
  public static Optional<ErrorCode> ofName(String name) {
    return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
  }
}
