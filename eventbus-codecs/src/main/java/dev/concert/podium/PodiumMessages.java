package dev.concert.podium;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.agentevent.AgentEvent;
import java.util.List;
import java.util.Map;

/** What the coordinator is asked and what it answers. */
public final class PodiumMessages {
  private PodiumMessages() {}

  /**
   * Makes sure that an agent process runs for this instance and is ready. One that runs already is
   * left as it is, unless another subscriber started it: that one is gone, and so is what it knew,
   * so the agent is stopped and started anew.
   *
   * @param instanceId durable name of the instance: its folder and its workspace outlive its
   *     processes
   * @param userId whose agent it is: who made the session
   * @param model model to use; null for Ensemble's default
   * @param subscriber address of the inbox {@code Addresses.AGENT_EVENTS} that gets its events
   * @param instructions what it is told besides those of the profiles; null for nothing
   * @param isBackground whether no person waits for it: where agents wait to be started, it comes
   *     after the others
   */
  public record StartInstance(
      String instanceId,
      String tenantId,
      String userId,
      String sessionId,
      String agentType,
      String model,
      String subscriber,
      String instructions,
      boolean isBackground) {
    /** For a person, and without instructions of its own. */
    public StartInstance(
        String instanceId,
        String tenantId,
        String userId,
        String sessionId,
        String agentType,
        String model,
        String subscriber) {
      this(instanceId, tenantId, userId, sessionId, agentType, model, subscriber, null, false);
    }
  }

  /**
   * @param epoch which process of the instance this is; event numbers begin anew with each epoch
   * @param fresh whether the process was started by this request (it knows nothing of earlier
   *     messages)
   * @param sandbox {@code bubblewrap} or {@code process}
   */
  public record InstanceStarted(String instanceId, String epoch, boolean fresh, String sandbox) {}

  /** Stops the agent process and unmounts its workspace. Stopping what does not run succeeds. */
  public record StopInstance(String instanceId, String reason) {}

  /**
   * Stops the agent process and forgets the state that the agent stored, so that the next process
   * knows nothing but what it is told. The workspace stays. Resetting what does not run succeeds.
   */
  public record ResetInstance(String instanceId, String reason) {}

  /**
   * Stops the agent process and removes the instance with its workspace and everything that was
   * stored of it. Deleting what is not there succeeds; a deleted instance never starts again.
   */
  public record DeleteInstance(String instanceId) {}

  /**
   * One message for the agent; it answers with events that end in {@code turn_complete} or {@code
   * turn_error}.
   *
   * @param epoch the process that it is for; empty for any
   * @param history what was said before, oldest first; used when the process is fresh
   */
  public record DeliverMessage(
      String instanceId,
      String epoch,
      String messageId,
      String text,
      List<Attachment> attachments,
      List<HistoryEntry> history,
      String role) {}

  /**
   * @param dataBase64 content, or null where {@code path} names a file of the workspace
   */
  public record Attachment(String name, String mediaType, String dataBase64, String path) {}

  public record HistoryEntry(String role, String content) {}

  /**
   * @param epoch the process that it is for; empty for any
   */
  public record Steer(String instanceId, String epoch, String text) {}

  /**
   * @param epoch the process that it is for; empty for any
   */
  public record Interrupt(String instanceId, String epoch, String messageId) {}

  /**
   * Exactly one of {@code approved}, {@code answers} and {@code dismissed} is set.
   *
   * @param epoch the process that it is for; empty for any
   */
  public record Answer(
      String instanceId,
      String epoch,
      String questionId,
      Boolean approved,
      String remember,
      Map<String, JsonNode> answers,
      Boolean dismissed) {

    /** Without the answers, which may be secret. */
    @Override
    public String toString() {
      return "Answer[instanceId=%s, questionId=%s]".formatted(instanceId, questionId);
    }
  }

  public record ListAgentTypes() {}

  public record AgentTypes(List<AgentType> types) {}

  public record AgentType(String type, String version, String description) {}

  /**
   * Events of one process, in order, without holes.
   *
   * @param epoch which process
   * @param firstNumber number of the first of these events; each next one is one higher. 0 in the
   *     answer of a coordinator that does not know the process: it was restarted meanwhile
   */
  public record AgentEvents(
      String instanceId, String epoch, long firstNumber, List<AgentEvent> events) {

    /** Number of the last of these events. */
    public long lastNumber() {
      return firstNumber + events.size() - 1;
    }
  }

  /** Asks for events again, from this number on, as many as the coordinator still holds. */
  public record ReplayEvents(String instanceId, String epoch, long fromNumber) {}

  /**
   * Everything up to this number is stored: the coordinator may forget it. A coordinator that holds
   * too much unacknowledged stops reading from the agent.
   */
  public record EventsStored(String instanceId, String epoch, long upToNumber) {}

  /**
   * Runs a command of the shell on a workspace that no agent has, in a sandbox of its own and
   * without a network. The workspace stays, with what the command changed.
   *
   * @param instanceId of the workspace: a copy, made for checks
   * @param timeoutSeconds 1 to 1800, after which everything that the command started is killed
   */
  public record RunCheck(String instanceId, String command, int timeoutSeconds) {}

  /**
   * How a check ended.
   *
   * @param exitCode of the command; 128 + n for signal n; null where it was killed
   * @param killed why it was killed, as a sentence; empty where it ended by itself
   * @param output the last of what it said: at most 20 lines and 2 KiB
   */
  public record CheckOutcome(Integer exitCode, String killed, String output) {}
}
