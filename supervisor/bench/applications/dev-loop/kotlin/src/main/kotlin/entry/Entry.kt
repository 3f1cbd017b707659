package entry

import app.Answer
import dev.supervisor.spi.Application
import dev.supervisor.spi.ApplicationContext
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInitializer
import io.netty.channel.SimpleChannelInboundHandler
import io.netty.handler.codec.http.DefaultFullHttpResponse
import io.netty.handler.codec.http.FullHttpRequest
import io.netty.handler.codec.http.HttpObjectAggregator
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http.HttpServerCodec
import io.netty.handler.codec.http.HttpVersion

/** Answers each request with the text that is saved. */
class Entry : ChannelInitializer<Channel>(), Application {

    override fun start(context: ApplicationContext) = context.listener().serve(this)

    override fun initChannel(channel: Channel) {
        channel.pipeline().addLast(HttpServerCodec(), HttpObjectAggregator(65536), Answering())
    }

    private class Answering : SimpleChannelInboundHandler<FullHttpRequest>() {

        override fun channelRead0(context: ChannelHandlerContext, request: FullHttpRequest) {
            val body = Unpooled.copiedBuffer(Answer.text(), Charsets.UTF_8)
            val response = DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body)
            response.headers()["Content-Length"] = body.readableBytes()
            context.writeAndFlush(response)
        }
    }
}
