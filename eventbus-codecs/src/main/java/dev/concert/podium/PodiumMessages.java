package dev.concert.podium;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.nativeagent.NativeEvent;
import java.util.List;
import java.util.Map;

/** What the coordinator is asked and what it answers. */
public final class PodiumMessages {
  private PodiumMessages() {}

  /**
   * Makes sure that an agent process runs for this instance and is ready. One that runs already is
   * left as it is. Events of the instance go to {@code Addresses.AGENT_EVENTS.of(instanceId)}.
   *
   * @param instanceId durable name of the instance: its folder and its workspace outlive its
   *     processes
   * @param model model to use; null for Ensemble's default
   */
  public record StartInstance(
      String instanceId, String tenantId, String sessionId, String agentType, String model) {}

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
   * One message for the agent; it answers with events that end in {@link NativeEvent.Complete} or
   * {@link NativeEvent.Failed}.
   *
   * @param history what was said before, oldest first; used when the process is fresh
   */
  public record DeliverMessage(
      String instanceId,
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

  public record Steer(String instanceId, String text) {}

  public record Interrupt(String instanceId, String messageId) {}

  /** Exactly one of {@code approved}, {@code answers} and {@code dismissed} is set. */
  public record Answer(
      String instanceId,
      String questionId,
      Boolean approved,
      String remember,
      Map<String, JsonNode> answers,
      Boolean dismissed) {}

  public record ListAgentTypes() {}

  public record AgentTypes(List<AgentType> types) {}

  public record AgentType(String type, String version, String description) {}

  /**
   * Events of one process, in order, without holes.
   *
   * @param epoch which process
   * @param firstNumber number of the first of these events; each next one is one higher
   */
  public record AgentEvents(
      String instanceId, String epoch, long firstNumber, List<NativeEvent> events) {

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
}
