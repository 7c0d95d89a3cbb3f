/**
 * Stored responses: what a client can request again after it has lost its connection. A {@code
 * LiveResponse} is in progress and has {@code ResponseSubscriber}s; a {@code StoredResponse} has
 * ended and lies in the ledger's file.
 *
 * <p>{@code RecordedResponses} are where the {@code RecordedResponse}s are that later requests
 * refer to: on the disk of this node, or in a bucket that all nodes share. {@code
 * StoredConversations} puts them into those requests.
 */
package dev.concert.ensemble.response;
