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
  FILE_TOO_LARGE(31, 413, "Read the file inside the workspace instead."),
  INSUFFICIENT_CREDITS(32, 402, "Add credit to the tenant."),
  LAST_OWNER(33, 409, "Make somebody else an owner first."),
  MEMBER_NOT_FOUND(34, 404, "List the members to see who is there."),
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

  PODIUM_UNAVAILABLE(50, 503, "Try again in a moment; an operator finds the cause in /health."),
  ENSEMBLE_UNAVAILABLE(51, 503, "Try again in a moment; an operator finds the cause in /health."),
  AGENT_CRASHED(52, 502, "Send the message again: a fresh agent starts on the same workspace."),
  /** The agent's own code failed on a message; its process lives on. */
  AGENT_ERROR(54, 502, "Send the message again; what went wrong is in the agent's log."),
  TIMEOUT(53, 504, "Try again; if it lasts, look at /health."),

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

  /** The path names something by an id that there is not. */
  NOT_FOUND(80, 404, "Check the id in the path."),

  /** No answer of this id is kept for whoever asks. */
  ANSWER_NOT_FOUND(70, 404, "Check the request id; answers are kept for a limited time."),
  /** The call was ended by who had asked for it. */
  CALL_CANCELLED(71, 409, "Send the request again if it is wanted after all."),
  /** Ensemble itself ended in the middle of the call. */
  CALL_INTERRUPTED(72, 502, "Send the request again."),

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
