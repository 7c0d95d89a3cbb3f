package dev.concert.coordinator.ipc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.concert.json.Json;
import java.io.IOException;

/**
 * A decoded frame and the bytes it took on the socket.
 *
 * @param bytes size of the frame, for accounts of memory
 */
public record ReceivedFrame(AgentFrame frame, int bytes) {

  /**
   * @throws ProtocolViolation when the bytes are no JSON object with a type, or a field that the
   *     type needs is missing
   */
  static ReceivedFrame decode(byte[] json) {
    // Only an object may be a frame; Jackson alone would also take null and some arrays.
    if (firstToken(json) != '{') {
      throw new ProtocolViolation("it sent a frame that is no JSON object");
    }
    try {
      return new ReceivedFrame(Json.MAPPER.readValue(json, AgentFrame.class), json.length);
    } catch (JsonMappingException e) {
      throw new ProtocolViolation("it sent a frame with a wrong or missing field: " + field(e));
    } catch (JsonProcessingException e) {
      throw new ProtocolViolation("it sent a frame that is no JSON object");
    } catch (IOException e) {
      throw new ProtocolViolation("it sent a frame that cannot be read");
    }
  }

  private static int firstToken(byte[] json) {
    for (byte b : json) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
    }
    return -1;
  }

  private static String field(JsonMappingException e) {
    if (e.getCause() instanceof NullPointerException
        || e.getCause() instanceof IllegalArgumentException) {
      return e.getCause().getMessage();
    }
    return e.getPath().isEmpty()
        ? "type"
        : String.valueOf(e.getPath().get(e.getPath().size() - 1).getFieldName());
  }
}
