/**
 * What every chat platform has to do, written once: {@link
 * dev.concert.bridges.conformance.ChatConformanceTest} runs on each row of {@link
 * dev.concert.bridges.conformance.PlayedPlatform}.
 *
 * <p>GitHub has a service of its own, to which the same suite is put: {@code GitHubWorld}. What a
 * platform cannot do is said in the table of {@code docs/bridges.md}, from which the tests choose
 * their rows.
 *
 * <p>Faults, by their tests. IRC and XMPP are real servers here, which neither sign nor repeat nor
 * refuse on purpose: of these faults only the cut connection and kills concern them.
 *
 * <ul>
 *   <li>429 with and without a time, 200 with {@code ok: false}, 5xx, a connection that is cut
 *       before and after a message was taken: {@code
 *       ChatConformanceTest.whateverGoesWrongAtThePlatformTheAnswerIsThereOnce}, {@code
 *       ChatFaultTableTest}; in IRC and XMPP a dead server, {@code IrcServerTest} and {@code
 *       XmppServerTest}, and a relay that cuts the connection at a message, {@code
 *       GuaranteeTableTest}
 *   <li>a token that is taken away: {@code ChatFaultTableTest}; GitHub's live an hour and are
 *       replaced: {@code FaultTest} of GitHub
 *   <li>a duplicate at 0, 60 and 300 s, another order, replayed, signed in the future by a wrong
 *       clock, emoji and escapes, an approval that is over: {@code ChatFaultTableTest}; Discord,
 *       Linear and Slack sign the time, in the tokens of Google and Microsoft it is checked by
 *       {@code GoogleChatTokenTest} and {@code ActivityTokenTest}, the others send a secret only
 *   <li>forged: {@code ChatConformanceTest.whatIsForgedOrForNobodyHasNoEffect}
 *   <li>kills at each step: {@code ChatKillPointsTest}, on all platforms as a campaign; GitHub's
 *       own steps: {@code CutWorkTest} of GitHub
 *   <li>a full disk: {@code ChatFullDiskTest}
 * </ul>
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
