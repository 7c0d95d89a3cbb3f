/**
 * Calls at platforms that speak JSON over HTTP. {@link dev.concert.bridges.http.ChatHttp} makes a
 * call once; a {@link dev.concert.bridges.http.ChatReply} says what is known after it.
 */
package dev.concert.bridges.http;
