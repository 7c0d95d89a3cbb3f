/**
 * Google Chat: interaction events over HTTP or over Pub/Sub, and the Chat API. Source:
 * https://developers.google.com/workspace/chat/api/reference/rest.
 *
 * <p>A thread of a space is a conversation; a direct conversation is one as a whole. A message of
 * ours has a name that is made of its key: so it is looked up, and is there once.
 */
package dev.concert.bridges.googlechat;
