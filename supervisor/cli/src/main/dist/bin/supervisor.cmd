@echo off
rem Starts the supervisor with the java of JAVA_HOME, or the one on the PATH.
rem SUPERVISOR_JAVA_OPTS holds options for the JVM, such as -Xmx512m.
setlocal
set "HOME_DIR=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME (
  set "JAVA=%JAVA_HOME%\bin\java.exe"
  if not exist "%JAVA_HOME%\bin\java.exe" (
    echo supervisor: JAVA_HOME is '%JAVA_HOME%', but there is no java in its bin ^(set it to a JDK or JRE 17+, or unset it^) 1>&2
    exit /b 1
  )
) else (
  where java >nul 2>&1
  if errorlevel 1 (
    echo supervisor: there is no java on the PATH ^(install a JDK or JRE 17+, or set JAVA_HOME^) 1>&2
    exit /b 1
  )
)
"%JAVA%" %SUPERVISOR_JAVA_OPTS% -jar "%HOME_DIR%\lib\supervisor.jar" %*
exit /b %ERRORLEVEL%
