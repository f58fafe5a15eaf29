using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using NUnit.Framework;

namespace Sentio.Tests
{
    /// <summary>Where a launcher looks for the sidecar's program, and how it starts one; Linux and macOS.</summary>
    [TestFixture]
    public class LauncherTests
    {
        private string _folder;
        private string _path;

        [SetUp]
        public void Begin()
        {
            _folder = Path.Combine(Path.GetTempPath(), "sentio-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(_folder);
            _path = Environment.GetEnvironmentVariable("PATH");
        }

        [TearDown]
        public void End()
        {
            Environment.SetEnvironmentVariable("PATH", _path);
            Directory.Delete(_folder, true);
        }

        [Test]
        public void ASidecarBesideTheGameComesFirst()
        {
            var finder = new SidecarFinder(new[] { Path.Combine(_folder, "none"), _folder });
            string program = Write("sentio");
            Assert.IsTrue(finder.Find(""));
            Assert.AreEqual(program, finder.Program);
            Assert.IsTrue(finder.IsBundled);
            CollectionAssert.IsEmpty(finder.Before);
        }

        [Test]
        public void WithoutABundleThePathAndThenAPythonAreSearched()
        {
            Environment.SetEnvironmentVariable("PATH", "/nowhere:" + _folder);
            var finder = new SidecarFinder(new string[0]);
            Assert.IsFalse(finder.Find(""));
            StringAssert.EndsWith(SidecarFinder.Fix, finder.Problem);
            Write("python3");
            Assert.IsTrue(finder.Find(""));
            CollectionAssert.AreEqual(new[] { "-m", "sentio_bridge" }, finder.Before);
            string program = Write("sentio");
            Assert.IsTrue(finder.Find(""));
            Assert.AreEqual(program, finder.Program);
            Assert.IsFalse(finder.IsBundled);
            CollectionAssert.IsEmpty(finder.Before);
        }

        [Test]
        public void ANamedProgramIsTheOnlyOne()
        {
            Write("sentio");
            var finder = new SidecarFinder(new[] { _folder });
            Assert.IsFalse(finder.Find("no-such-program"));
            StringAssert.Contains("there is no program 'no-such-program'", finder.Problem);
            Assert.IsFalse(finder.Find("/no/such/program"));
        }

        [TestCase(true)]
        [TestCase(false)]
        public void AProgramThatIsNoneIsNotStarted(bool native)
        {
            using (var process = new SidecarProcess(native))
            {
                Assert.IsFalse(process.Start(Write("text.txt"), new string[0]));
                StringAssert.Contains("is there but cannot be started", process.Problem);
                Assert.AreEqual(-1, process.ProcessId);
                Assert.IsFalse(process.IsRunning);
            }
        }

        [TestCase(true)]
        [TestCase(false)]
        public void TheExitCodeAndTheArgumentsArrive(bool native)
        {
            using (var process = new SidecarProcess(native))
            {
                Assert.AreEqual(-1, process.ExitCode);
                string result = Path.Combine(_folder, "r\u00e9sult");
                var arguments = new List<string> { "-c", "printf %s \"$1\" > \"$2\"; exit 7", "sh", "a \"b\" c", result };
                Assert.IsTrue(process.Start("/bin/sh", arguments), process.Problem);
                WaitForEnd(process);
                Assert.AreEqual(7, process.ExitCode);
                Assert.AreEqual("a \"b\" c", File.ReadAllText(result));
            }
        }

        [TestCase(true)]
        [TestCase(false)]
        public void OnlyTheChildReceivesTheToken(bool native)
        {
            var token = new LaunchToken();
            token.Renew();
            Assert.AreEqual(64, token.Value.Length);
            using (var process = new SidecarProcess(native))
            {
                string result = Path.Combine(_folder, "token");
                var arguments = new List<string> { "-c", "printf %s \"$SENTIO_TOKEN\" > \"$1\"", "sh", result };
                Assert.IsTrue(process.Start("/bin/sh", arguments, token.Value), process.Problem);
                WaitForEnd(process);
                Assert.AreEqual(token.Value, File.ReadAllText(result));
            }
            Assert.IsNull(Environment.GetEnvironmentVariable("SENTIO_TOKEN"));
            token.Clear();
            Assert.AreEqual("", token.Value);
        }

        [TestCase(true)]
        [TestCase(false)]
        public void AChildIsKilled(bool native)
        {
            using (var process = new SidecarProcess(native))
            {
                Assert.IsTrue(process.Start("/bin/sh", new[] { "-c", "exec sleep 60" }), process.Problem);
                Assert.IsTrue(process.IsRunning);
                Assert.Greater(process.ProcessId, 0);
                process.Kill();
                WaitForEnd(process);
                Assert.AreEqual(137, process.ExitCode);
                process.Kill();
            }
        }

        [Test]
        public void TheGameHasItsOwnId()
        {
            Assert.AreEqual(System.Diagnostics.Process.GetCurrentProcess().Id, NativeStart.OwnId());
        }

        private static void WaitForEnd(SidecarProcess process)
        {
            for (int waited = 0; waited < 20000 && process.IsRunning; waited += 20) Thread.Sleep(20);
            Assert.IsFalse(process.IsRunning);
        }

        private string Write(string name)
        {
            string path = Path.Combine(_folder, name);
            File.WriteAllText(path, "#!/bin/sh\n");
            return path;
        }
    }
}
