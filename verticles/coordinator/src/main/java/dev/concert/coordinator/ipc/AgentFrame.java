package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Objects;

/** What an agent sends. */
@JsonTypeInfo(
    use = JsonTypeInfo.Id.NAME,
    property = "type",
    visible = true,
    defaultImpl = AgentFrame.Unknown.class)
@JsonSubTypes({
  @JsonSubTypes.Type(value = AgentFrame.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = AgentFrame.Update.class, name = "stream_update"),
  @JsonSubTypes.Type(value = AgentFrame.StateDelta.class, name = "state_delta"),
  @JsonSubTypes.Type(value = AgentFrame.Log.class, name = "log"),
  @JsonSubTypes.Type(value = AgentFrame.Complete.class, name = "complete"),
})
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public sealed interface AgentFrame {

  /**
   * @param sdk name and version of what the agent was written with; null when it does not say
   */
  record Ready(JsonNode sdk) implements AgentFrame {}

  record Update(String messageId, Element element) implements AgentFrame {
    public Update {
      Objects.requireNonNull(messageId, "message_id");
      Objects.requireNonNull(element, "element");
    }
  }

  record StateDelta(List<Delta> deltas) implements AgentFrame {
    public StateDelta {
      Objects.requireNonNull(deltas, "deltas");
      deltas = List.copyOf(deltas);
    }
  }

  /**
   * One operation of JSON Patch.
   *
   * @param op {@code add}, {@code replace} or {@code remove}
   * @param path JSON Pointer; {@code /-} at its end appends
   * @param value null for {@code remove}
   */
  record Delta(String op, String path, JsonNode value) {
    public Delta {
      Objects.requireNonNull(op, "op");
      Objects.requireNonNull(path, "path");
    }
  }

  /** All but {@code message} may be null. */
  record Log(String level, String message, String module, String timestamp) implements AgentFrame {
    public Log {
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * @param stopReason {@code end}, {@code stopped}, {@code max_tokens} or {@code error}
   * @param finalText empty when the agent gave none
   * @param error what went wrong; null unless {@code stopReason} is {@code error}
   */
  record Complete(String messageId, String stopReason, String finalText, Failure error)
      implements AgentFrame {
    public Complete {
      Objects.requireNonNull(messageId, "message_id");
      stopReason = stopReason == null ? "end" : stopReason;
      finalText = finalText == null ? "" : finalText;
    }
  }

  record Failure(String code, String message, boolean retryable) {
    public Failure {
      code = code == null ? ErrorCode.AGENT_ERROR.name() : code;
      message = message == null ? "The agent gave no reason." : message;
    }
  }

  /** A frame of a later protocol; it is ignored. */
  record Unknown(String type) implements AgentFrame {
    public Unknown {
      Objects.requireNonNull(type, "type");
    }
  }
}
