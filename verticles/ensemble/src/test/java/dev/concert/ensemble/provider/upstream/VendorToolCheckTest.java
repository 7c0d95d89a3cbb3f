package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's list of vendor tools holds for every way by which a tool may come. */
class VendorToolCheckTest {
  private static final VendorToolCheck CHECK =
      new VendorToolCheck("acme", Set.of("web_search", "namespace", "service_tier"));

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static InferenceRequest request(String more) {
    String body = "{'model':'m','messages':[{'role':'user','content':'hi'}]," + more + "}";
    return RequestReader.read(io.vertx.core.buffer.Buffer.buffer(body.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'provider_config':{'mcp_servers':[]} | provider_config.mcp_servers",
        "'provider_config':{'search_parameters':{'mode':'on'}} | provider_config.search_parameters",
        "'provider_config':{'web_search_options':{}} | provider_config.web_search_options",
        "'provider_config':{'container':{}} | provider_config.container",
        "'provider_config':{'seed':1,'not_known_yet':1} | provider_config.not_known_yet",
        "'tools':[{'name':'x','server_tool':{'type':'mcp'}}] | tools[0].server_tool",
        "'tools':[{'name':'x','server_tool':{'type':'namespace','tools':[{'type':'mcp'}]}}] |"
            + " tools[0].server_tool.tools[0]"
      })
  void whatTheOperatorDidNotListIsRefusedByItsField(String more, String field) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> CHECK.checkAsked(request(more)))
        .satisfies(
            refused ->
                org.assertj.core.api.Assertions.assertThat(refused.code())
                    .isEqualTo(ErrorCode.INVALID_MESSAGE))
        .withMessageStartingWith(field + ":")
        .withMessageContaining("'acme'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'provider_config':{'seed':1,'user':'u','safetySettings':[]}",
        "'provider_config':{'service_tier':'flex'}",
        "'tools':[{'name':'x','server_tool':{'type':'web_search'}}]",
        "'tools':[{'name':'x','server_tool':{'type':'namespace','tools':[{'type':'function'}]}}]"
      })
  void whatTheOperatorListedOrHarmsNobodyIsPassedOn(String more) {
    assertThatCode(() -> CHECK.checkAsked(request(more))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'additional_tools','tools':[{'type':'mcp','server_url':'https://evil'}]} |"
            + " input[1].tools[0]",
        "{'type':'additional_tools','tools':[{'type':'function'},{'type':'code_interpreter'}]} |"
            + " input[1].tools[1]",
        "{'type':'something_new','tools':[{'type':'web_search'},{}]} | input[1].tools[1]",
        "{'type':'mcp','server_url':'https://evil'} | input[1].server_url"
      })
  void toolsInTheItemsOfAConversationAreRefused(String item, String field) throws Exception {
    JsonNode body = json("{'input':[{'role':'user'}," + item + "]}");
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> CHECK.checkSent(body))
        .withMessageStartingWith(field + ":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'input':[{'type':'additional_tools','tools':[{'type':'web_search'},{'type':'function'}]}]}",
        "{'input':[{'role':'user','content':[{'type':'input_text','text':'tools'}]}]}",
        "{'messages':[]}"
      })
  void otherItemsArePassedOn(String body) throws Exception {
    JsonNode tree = json(body);
    assertThatCode(() -> CHECK.checkSent(tree)).doesNotThrowAnyException();
  }
}
