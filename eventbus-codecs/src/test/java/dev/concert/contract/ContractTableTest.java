package dev.concert.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every row of the contract table against its own bounds. */
class ContractTableTest {

  @Test
  void everyRequestRecordHasExactlyOneRow() {
    List<Class<?>> records =
        ContractTable.rows().stream()
            .map(row -> row.request().getDeclaringClass())
            .distinct()
            .flatMap(group -> Arrays.stream(group.getDeclaredClasses()))
            .filter(Class::isRecord)
            .filter(ClientMessage.class::isAssignableFrom)
            .<Class<?>>map(one -> one)
            .toList();
    assertThat(ContractTable.rows().stream().<Class<?>>map(ApiOperation::request))
        .containsExactlyInAnyOrderElementsOf(records);
    assertThat(ContractTable.rows().stream().map(ApiOperation::name)).doesNotHaveDuplicates();
    assertThat(ContractTable.rows().stream().flatMap(row -> row.http().stream()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aRowDescribesTheFieldsOfItsRecord() {
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      assertThat(row.fields().stream().map(Field::name))
          .as(row.name())
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(row.request().getRecordComponents())
                  .map(RecordComponent::getName)
                  .toList());
    }
  }

  @Test
  void whatPeopleSeeAsANameIsOneLineWhereItIsGivenAndNotWhereItIsLookedUp() {
    List<ApiOperation<?, ?>> lookUps =
        List.of(ContractTable.DELETE_SNAPSHOT, ContractTable.RESTORE_SNAPSHOT);
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      assertThat(
              row.fields().stream()
                  .filter(field -> List.of("name", "title").contains(field.name())))
          .as(row.name())
          .allMatch(field -> field.isLine() != lookUps.contains(row));
    }
  }

  @Test
  void everyRowIsServedSomewhereAndEveryPartOfAPathIsARequiredField() {
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      assertThat(row.onSocket() || row.http().isPresent()).as(row.name()).isTrue();
      row.http()
          .ifPresent(
              route ->
                  assertThat(row.fields().stream().filter(Field::required).map(Field::name))
                      .as(row.name())
                      .containsAll(route.parameters()));
    }
  }

  @TestFactory
  Stream<DynamicTest> aRowTakesAValidRequestAndRefusesEachFieldThatIsOutOfItsBounds() {
    return ContractTable.rows().stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> checkBounds(row)));
  }

  private static void checkBounds(ApiOperation<? extends ClientMessage, ?> row) {
    assertThat(ApiRequestReader.read(row, Examples.of(row))).isInstanceOf(row.request());
    for (Field field : row.fields()) {
      for (JsonNode wrong : Examples.outOfBounds(field)) {
        ObjectNode request = Examples.of(row);
        request.set(field.name(), wrong);
        assertRefused(row, request, field.name());
      }
      if (field.required()) {
        ObjectNode request = Examples.of(row);
        request.remove(field.name());
        assertRefused(row, request, field.name());
      }
    }
  }

  private static void assertRefused(
      ApiOperation<? extends ClientMessage, ?> row, ObjectNode request, String field) {
    assertThatThrownBy(() -> ApiRequestReader.read(row, request))
        .as(row.name() + " " + field)
        .isInstanceOfSatisfying(
            ConcertException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
              assertThat(refusal.getMessage()).contains("'" + field + "'");
            });
  }

  @Test
  void aDefaultIsWithinItsOwnBounds() {
    for (ApiOperation<?, ?> row : ContractTable.rows()) {
      for (Field field : row.fields()) {
        JsonNode value = Json.MAPPER.valueToTree(field.defaultValue());
        assertThat(value.isNull() || field.fault(value).isEmpty())
            .as(row.name() + " " + field.name())
            .isTrue();
      }
    }
  }
}
