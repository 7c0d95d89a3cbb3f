/**
 * The files of the web page, which are on the class path. A {@link
 * dev.concert.gateway.page.PageFile} is one of them as it is sent; {@link
 * dev.concert.gateway.page.PageFiles} answers requests for them.
 */
package dev.concert.gateway.page;
