using System;
using System.Runtime.InteropServices;
using System.Threading;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>A hostile server floods the client: what the game's thread spends in a frame stays small.</summary>
    [TestFixture]
    public class FloodTests
    {
        private const int Frames = 180;
        // Most frames until some events were dropped.
        private const int MostFrames = 3600;
        // Milliseconds of processor time of a frame.
        private const double Most = 2;
        private const int ThreadTime = 3;

        [StructLayout(LayoutKind.Sequential)]
        private struct Moment
        {
            public long Seconds;
            public long Nanoseconds;
        }

        [DllImport("libc")]
        private static extern int clock_gettime(int clock, out Moment moment);

        [TearDown]
        public void End() { Stage.Reset(); }

        // Milliseconds of processor time that this thread has used.
        private static double Spent()
        {
            Moment moment;
            clock_gettime(ThreadTime, out moment);
            return 1e3 * moment.Seconds + 1e-6 * moment.Nanoseconds;
        }

        [Test]
        public void AFloodCostsABoundedPartOfAFrame()
        {
            // The ports of tests/integration/flooding_server.py.
            string[] ports = (Environment.GetEnvironmentVariable("SENTIO_FLOOD") ?? "").Split(',');
            Assert.AreEqual(2, ports.Length, "SENTIO_FLOOD is not set");
            Stage.Reset();
            var rig = new Rig();
            var address = ScriptableObject.CreateInstance<SentioConnection>();
            address.StatePort = int.Parse(ports[0]);
            address.ControlPort = int.Parse(ports[1]);
            int seen = 0, missed = 0;
            SentioClient client = rig.Make<SentioClient>(one =>
            {
                one.Subject = "player";
                one.Connection = address;
                one.Event += unused => seen++;
                one.Change += unused => { };
                one.EventsMissed += count => missed += count;
            });
            Play(60);
            double before = Spent();
            Play(Frames);
            double cost = (Spent() - before) / Frames;
            Console.WriteLine("flood: {0:0.000} ms a frame, {1} events; {2}", cost, seen, client.Status);
            Assert.Less(cost, Most);
            Assert.Greater(seen, Frames);
            // A busy machine floods slowly.
            for (int more = 0; missed == 0 && more < MostFrames; more++) Play(1);
            Assert.Greater(client.Counters.MissedEvents, 0);
            Assert.Greater(missed, 0);
            StringAssert.Contains("events missed: ", string.Join("\n", Debug.Lines.ToArray()));
            StringAssert.Contains("frames at their budget", client.Status);
            client.Event += unused => client.Stop();
            int raised = seen;
            Play(10);
            Assert.AreEqual(raised + 1, seen, "a handler that stops the client receives no further event");
        }

        [Test]
        public void AFrameWhoseTimeIsSpentLeavesTheRestForTheNext()
        {
            double now = 0;
            var budget = new FrameBudget(() => now);
            budget.Begin();
            Assert.IsFalse(budget.IsSpent);
            now += 0.9e-6 * FrameBudget.Usual;
            Assert.IsFalse(budget.IsSpent);
            now += 0.2e-6 * FrameBudget.Usual;
            Assert.IsTrue(budget.IsSpent);
            budget.Finish(true);
            budget.Finish(false);
            Assert.AreEqual(1, budget.FullFrames);
            budget.Begin();
            Assert.IsFalse(budget.IsSpent);
        }

        private static void Play(int frames)
        {
            for (int i = 0; i < frames; i++)
            {
                Stage.Frame(1f / 60);
                Thread.Sleep(16);
            }
        }
    }
}
