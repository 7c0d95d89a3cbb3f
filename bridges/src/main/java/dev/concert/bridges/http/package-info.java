/**
 * Calls at platforms that speak JSON over HTTP. {@link dev.concert.bridges.http.ChatHttp} makes a
 * call once; a {@link dev.concert.bridges.http.ChatReply} says what is known after it. A {@link
 * dev.concert.bridges.http.ChatNetwork} has what platforms need to make calls.
 */
package dev.concert.bridges.http;
