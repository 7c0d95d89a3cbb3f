/**
 * What every chat platform has to do, written once: {@link
 * dev.concert.bridges.conformance.ChatConformanceTest} runs on each row of {@link
 * dev.concert.bridges.conformance.PlayedPlatform}.
 *
 * <p>Cases of public reports, and the tests that have them:
 *
 * <ul>
 *   <li>B1, an event three times: {@code
 *       ChatFaultTableTest.anEventThatComesAgainAtOnceAfterAMinuteAndAfterFiveIsOneTurn}
 *   <li>B3, an answer is cut after it was taken: {@code GuaranteeTableTest}, {@code
 *       ChatKillPointsTest}
 *   <li>B5, 12,000 characters while a message is edited: {@code
 *       ChatStreamsTest.anAnswerThatOutgrowsAMessageWhileItIsShownGoesOnInTheNext}
 *   <li>B7, a busy bridge gets the event again: {@code ChatKillPointsTest}, whose event is answered
 *       while the gateway does not answer
 *   <li>B9, an interaction that is acknowledged too late: {@code
 *       DiscordGatewayTest.aCommandIsAcknowledgedAtOnceAndCountsAlsoWhereThatIsTooLate}
 *   <li>B11, a fetch of the process before: {@code
 *       TelegramUpdatesTest.aFetchOfTheProcessBeforeIsOutlived}
 *   <li>B13, two nodes with one token: {@code ChatOwnerTest} of the platform
 *   <li>a limit in a reply with status 200, lost tokens, clocks, other orders: {@code
 *       ChatFaultTableTest}
 *   <li>a stream that the platform ends: {@code ChatStreamsTest}, {@code TeamsSenderTest}
 *   <li>code blocks that are split: {@code MessageSplitterTest}
 *   <li>identities of Google Chat: {@code GoogleChatTokenTest}; signatures and times of Linear:
 *       {@code LinearWebhookTest}
 *   <li>whole texts before stale edits: {@code RateBudgetsTest} of the foundation
 * </ul>
 */
package dev.concert.bridges.conformance;
