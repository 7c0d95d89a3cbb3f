/**
 * The files of the web page, which are on the class path. A {@link
 * dev.concert.gateway.page.PageFile} is one of them as it is sent; {@link
 * dev.concert.gateway.page.PageFiles} answers requests for them. The {@link
 * dev.concert.gateway.page.PreviewPage} shows what an agent made, apart from the page.
 */
package dev.concert.gateway.page;
