/**
 * Stored responses: what a client can request again after it has lost its connection. A {@code
 * LiveResponse} is in progress and has {@code ResponseSubscriber}s; a {@code StoredResponse} has
 * ended and lies in the ledger's file.
 *
 * <p>A {@code RecordedResponseStore} keeps the {@code RecordedResponse}s that later requests refer
 * to; {@code StoredConversations} puts them into those requests.
 */
package dev.concert.ensemble.response;
