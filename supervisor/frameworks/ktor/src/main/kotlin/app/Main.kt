@file:JvmName("Main")

package app

import io.ktor.http.ContentType
import io.ktor.server.application.Application
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.request.receive
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.response.respondTextWriter
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import kotlinx.coroutines.delay

fun main() {
    val port = System.getenv("PORT")?.toInt() ?: 8080
    embeddedServer(Netty, port = port, module = Application::module).start(wait = true)
}

fun Application.module() {
    val version = object {}.javaClass.getResource("/version.txt")!!.readText().lines().first() + "\n"
    routing {
        get("/") { call.respondText(version) }
        get("/slow") {
            delay(call.request.queryParameters["millis"]!!.toLong())
            call.respondText(version)
        }
        post("/echo") { call.respondBytes(call.receive<ByteArray>(), ContentType.Text.Plain) }
        get("/stream") {
            call.respondTextWriter {
                for (piece in 1..4) {
                    write("$piece\n")
                    flush()
                    delay(20)
                }
                write(version)
            }
        }
    }
}
