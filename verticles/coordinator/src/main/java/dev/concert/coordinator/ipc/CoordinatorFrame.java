package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What the coordinator sends to an agent. Null fields are left out, but for {@code init.state}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CoordinatorFrame.Init.class, name = "init"),
  @JsonSubTypes.Type(value = CoordinatorFrame.Message.class, name = "message"),
  @JsonSubTypes.Type(value = CoordinatorFrame.Steer.class, name = "steer"),
  @JsonSubTypes.Type(value = CoordinatorFrame.Answer.class, name = "answer"),
  @JsonSubTypes.Type(value = CoordinatorFrame.Interrupt.class, name = "interrupt"),
  @JsonSubTypes.Type(value = CoordinatorFrame.Shutdown.class, name = "shutdown"),
})
public sealed interface CoordinatorFrame {

  /**
   * @param config holds the agent's Ensemble token: never log it
   * @param state the last state the agent reported; JSON null when it reported none
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Init(
      String agentId,
      String agentType,
      String workspace,
      ObjectNode config,
      @JsonInclude(JsonInclude.Include.ALWAYS) JsonNode state)
      implements CoordinatorFrame {
    @Override
    public String toString() {
      return "Init[agentId=" + agentId + ", agentType=" + agentType + "]";
    }
  }

  /**
   * @param history null in every message but the first after {@code init}
   * @param traceparent the trace that the message belongs to, as the W3C header has it; null for
   *     none
   */
  record Message(
      String id, Data data, List<HistoryEntry> history, Origin origin, String traceparent)
      implements CoordinatorFrame {}

  record Data(String text, String role, List<Attachment> attachments) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Attachment(String name, String mediaType, String dataBase64, String path) {}

  record HistoryEntry(String role, String content) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Origin(String tenantId, String role, String channel) {}

  record Steer(String content) implements CoordinatorFrame {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Answer(
      String questionId,
      Boolean approved,
      String remember,
      Map<String, JsonNode> answers,
      Boolean dismissed)
      implements CoordinatorFrame {

    /** Without the answers, which may be secret. */
    @Override
    public String toString() {
      return "Answer[questionId=" + questionId + "]";
    }
  }

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Interrupt(String messageId) implements CoordinatorFrame {}

  record Shutdown(String reason) implements CoordinatorFrame {}
}
