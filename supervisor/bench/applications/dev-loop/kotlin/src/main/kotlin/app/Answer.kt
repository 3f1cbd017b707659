package app

/** What is saved again and again. */
object Answer {

    fun text() = "build 0.\n"
}
