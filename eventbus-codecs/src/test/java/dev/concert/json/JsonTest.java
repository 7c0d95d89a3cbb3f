package dev.concert.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.concert.error.ErrorCode;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void aWordOfAListIsReadByItsNameOnlyAndNotByItsPlace() throws JsonProcessingException {
    assertThat(Json.MAPPER.readValue("\"INVALID_JSON\"", ErrorCode.class))
        .isEqualTo(ErrorCode.INVALID_JSON);
    assertThatThrownBy(() -> Json.MAPPER.readValue("0", ErrorCode.class))
        .isInstanceOf(JsonMappingException.class);
  }
}
