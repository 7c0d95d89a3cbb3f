package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every vendor says its own way, and what it means here. */
class ErrorTaxonomyTest {
  // Sources: the pages named in ErrorTaxonomy. Status 0 is an error inside a stream.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Anthropic
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'max_tokens:"
            + " required'}} | PROVIDER_REJECTED",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'prompt is too"
            + " long: 200055 tokens > 200000 maximum'}} | CONTEXT_TOO_LONG",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'Your credit"
            + " balance is too low'}} | PROVIDER_QUOTA",
        "402 | {'type':'error','error':{'type':'billing_error','message':''}} | PROVIDER_QUOTA",
        "413 | {'type':'error','error':{'type':'request_too_large','message':''}} |"
            + " CONTEXT_TOO_LONG",
        "504 | {'type':'error','error':{'type':'timeout_error','message':''}} | PROVIDER_FAILED",
        "529 | {'type':'error','error':{'type':'overloaded_error','message':''}} |"
            + " PROVIDER_OVERLOADED",
        "0 | {'type':'error','error':{'type':'overloaded_error','message':''}} |"
            + " PROVIDER_OVERLOADED",
        "0 | {'type':'error','error':{'type':'a new one','message':''}} | PROVIDER_FAILED",
        // OpenAI
        "400 |"
            + " {'error':{'message':'m','type':'invalid_request_error','param':null,'code':'context_length_exceeded'}}"
            + " | CONTEXT_TOO_LONG",
        "400 |"
            + " {'error':{'message':'m','type':'invalid_request_error','code':'content_policy_violation'}}"
            + " | PROVIDER_BLOCKED",
        "401 | {'error':{'message':'Incorrect API key"
            + " provided','type':'invalid_request_error','code':'invalid_api_key'}} |"
            + " PROVIDER_AUTH",
        "404 | {'error':{'message':'m','type':'invalid_request_error','code':'model_not_found'}} |"
            + " MODEL_UNKNOWN",
        "429 | {'error':{'message':'m','type':'insufficient_quota','code':'insufficient_quota'}} |"
            + " PROVIDER_QUOTA",
        "429 | {'error':{'message':'m','type':'tokens','code':'rate_limit_exceeded'}} |"
            + " PROVIDER_RATE_LIMITED",
        "503 | {'error':{'message':'slow down','type':'server_error','code':'slow_down'}} |"
            + " PROVIDER_OVERLOADED",
        "0 | {'type':'error','code':'server_error','message':'m','param':null} | PROVIDER_FAILED",
        // Google
        "400 | {'error':{'code':400,'message':'API key not"
            + " valid.','status':'INVALID_ARGUMENT','details':[{'reason':'API_KEY_INVALID'}]}} |"
            + " PROVIDER_AUTH",
        "400 | {'error':{'code':400,'message':'The input token count (9) exceeds the maximum number"
            + " of tokens allowed (8).','status':'INVALID_ARGUMENT'}} | CONTEXT_TOO_LONG",
        "400 | {'error':{'code':400,'message':'m','status':'FAILED_PRECONDITION'}} |"
            + " PROVIDER_REJECTED",
        "403 | {'error':{'code':403,'message':'m','status':'PERMISSION_DENIED'}} | PROVIDER_AUTH",
        "429 | [{'error':{'code':429,'message':'m','status':'RESOURCE_EXHAUSTED'}}] |"
            + " PROVIDER_RATE_LIMITED",
        "500 | {'error':{'code':500,'message':'m','status':'INTERNAL'}} | PROVIDER_FAILED",
        "0 | {'error':{'code':503,'message':'overloaded','status':'UNAVAILABLE'}} |"
            + " PROVIDER_OVERLOADED",
        // OpenRouter and xAI
        "402 | {'error':{'code':402,'message':'Insufficient credits'}} | PROVIDER_QUOTA",
        "0 | {'error':{'code':429,'message':'m'}} | PROVIDER_RATE_LIMITED",
        "0 | {'error':{'code':502,'message':'m'}} | PROVIDER_FAILED",
        "400 | {'code':'invalid-argument','error':'This model has a maximum prompt length of"
            + " 131072'} | CONTEXT_TOO_LONG",
        // Others, and proxies on the way
        "422 | {'message':'m'} | PROVIDER_REJECTED",
        "418 | {} | PROVIDER_REJECTED",
        "408 | {} | PROVIDER_FAILED",
        "302 | {} | PROVIDER_FAILED",
        "504 | {} | PROVIDER_FAILED",
      })
  void hasOneMeaning(int status, String body, ErrorCode meaning) throws JsonProcessingException {
    VendorError error = VendorError.of(ExactJson.MAPPER.readTree(body.replace('\'', '"')));

    assertThat(ErrorTaxonomy.classify(status, error)).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'detail':'no such field'} | no such field",
        "{'detail':[{'loc':['body','messages',0],'msg':'Field required'},{'msg':'b'}]} |"
            + " body.messages.0: Field required; b",
        "{'errors':[{'message':'a'},{'message':'b'}]} | a; b",
        "{'object':'error','message':'too hot','type':'BadRequestError'} | too hot"
      })
  void saysWhatIsWrongWhateverItsFieldIsCalled(String body, String said)
      throws JsonProcessingException {
    assertThat(VendorError.of(ExactJson.MAPPER.readTree(body.replace('\'', '"'))).message())
        .isEqualTo(said);
  }
}
