package dev.concert.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ErrorCode;
import dev.concert.protocol.ClientMessage;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApiRequestReaderTest {

  @Test
  void aMessageArrivesWithItsDefaults() {
    ClientFrame.Valid valid = valid("{'type':'list_sessions','requestId':'r1'}");
    assertThat(valid.requestId()).contains("r1");
    assertThat(valid.message()).isEqualTo(new ClientMessage.ListSessions(false, 100, null));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(valid("{'type':'ping','ts':5,'shoe':'left'}").message())
        .isEqualTo(new ClientMessage.Ping(5L));
  }

  @Test
  void anEmptyPathIsTheRoot() {
    assertThat(valid("{'type':'list_files','sessionId':'s','path':''}").message())
        .isEqualTo(new ClientMessage.ListFiles("s", "", 1, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'type':'run_turn','text':'x'}                                          | 'sessionId' is"
            + " missing",
        "{'type':'run_turn','sessionId':'s'}                                     | 'text' is"
            + " missing",
        "{'type':'run_turn','sessionId':'s','text':''}                           | 'text' must"
            + " have",
        "{'type':'run_turn','sessionId':7,'text':'x'}                            | 'sessionId' must"
            + " be a string",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{}]}       |"
            + " 'attachments[0].name' must be a file name",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'t','dataBase64':''},{'name':'b','mediaType':'t','dataBase64':'not"
            + " base64!'}]} | 'attachments[1].dataBase64' is not Base64",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'t','path':'../../etc/passwd'}]}"
            + " | 'attachments[0].path' must be relative",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'t','path':'/etc/passwd'}]}"
            + " | 'attachments[0].path' must be relative",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'../a','mediaType':'t','dataBase64':''}]}"
            + " | 'attachments[0].name' must be a file name",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'','dataBase64':''}]}"
            + " | 'attachments[0].mediaType' must have",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'t'}]}"
            + " | 'attachments[0]' needs either",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[{'name':'a','mediaType':'t','dataBase64':''},{'name':'a','mediaType':'t','dataBase64':''}]}"
            + " | 'attachments[1].name' is the name of another",
        "{'type':'run_turn','sessionId':'s','text':'x','attachments':[3]}        | wrong type",
        "{'type':'list_files','sessionId':'s','depth':11}                        | 'depth' must be"
            + " a whole number from 1 to 10",
        "{'type':'list_files','sessionId':'s','depth':1.5}                       | 'depth' must be"
            + " a whole number",
        "{'type':'get_events','sessionId':'s','afterSeq':-1}                     | 'afterSeq' must"
            + " be",
        "{'type':'get_events','sessionId':'s','afterSeq':99999999999999999999}   | 'afterSeq' must"
            + " be",
        "{'type':'answer_question','sessionId':'s','questionId':'q'}             | exactly one of",
        "{'type':'answer_question','sessionId':'s','questionId':'q','approved':true,'dismissed':true}"
            + " | exactly one of",
        "{'type':'answer_question','sessionId':'s','questionId':'q','approved':true,'remember':'always'}"
            + " | 'remember' must be one of once, session",
        "{'type':'manage_members','action':'rob'}                                | 'action' must be"
            + " one of",
        "{'type':'rename_session','sessionId':'s','name':'two\\nlines'}          | 'name' must be"
            + " one line",
        "{'type':'create_session','agentType':'echo','name':'a\\u202eb'}          | 'name' must be"
            + " one line",
        "{'type':'fork_session','sessionId':'s','name':'\\u001b[2J'}              | 'name' must be"
            + " one line",
        "{'type':'fly'}                                                          | 'type' names no"
            + " known message",
        "{'kind':'ping'}                                                         | 'type' is"
            + " missing",
        "{'type':'ping','requestId':5}                                           | 'requestId' must"
            + " be a string",
      })
  void aWrongFieldIsNamed(String frame, String fault) {
    ClientFrame.Refused refused = refused(frame.trim());
    assertThat(refused.problem().code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
    assertThat(refused.problem().message()).contains(fault);
  }

  @ParameterizedTest
  @MethodSource("notJsonObjects")
  void whatIsNoJsonObjectIsRefused(String frame) {
    assertThat(refused(frame).problem().code()).isEqualTo(ErrorCode.INVALID_JSON);
  }

  static Stream<String> notJsonObjects() {
    return Stream.of(
        "", "nonsense", "[]", "null", "3", "{", "{'type':'ping'} {}", "[".repeat(5000));
  }

  @Test
  void aRefusalEchoesTheRequestId() {
    assertThat(refused("{'type':'fly','requestId':'r9'}").requestId()).contains("r9");
  }

  @Property(tries = 500)
  void noTextWhateverMakesTheReaderFail(@ForAll String text) {
    assertThat(ApiRequestReader.read(text)).isNotNull();
    assertThat(ApiRequestReader.read("{\"type\":\"run_turn\",\"sessionId\":" + text + "}"))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{'type':'ping','requestId':'r'}                              | r",
        "{'requestId':'r','text':{'requestId':'inner','x':[{}]},'a':1} | r",
        "{'requestId':'one','requestId':'two'}                        | two",
        "{'x':{'requestId':'inner'}}                                  | -",
        "{'requestId':7}                                              | -",
        "{'requestId':'r'                                             | -",
        "['requestId','r']                                            | -",
        "no json                                                      | -",
      })
  void theRequestIdOfAFrameThatIsNotReadFurtherIsFound(String frame, String id) {
    assertThat(ApiRequestReader.requestId(frame.replace('\'', '"')))
        .isEqualTo(Optional.ofNullable(id));
  }

  @Test
  void aRequestIdThatIsTooLongIsNotEchoed() {
    assertThat(ApiRequestReader.requestId("{\"requestId\":\"" + "x".repeat(129) + "\"}")).isEmpty();
  }

  private static ClientFrame.Valid valid(String frame) {
    return (ClientFrame.Valid) ApiRequestReader.read(frame.replace('\'', '"'));
  }

  private static ClientFrame.Refused refused(String frame) {
    return (ClientFrame.Refused) ApiRequestReader.read(frame.replace('\'', '"'));
  }
}
