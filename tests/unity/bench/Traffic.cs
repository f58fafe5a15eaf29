// From a real publisher to the game's thread.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace Sentio.Bench
{
    public static class Traffic
    {
        private sealed class Sink : IZmtpSink
        {
            public readonly StateMailbox StateMailbox = new StateMailbox("", double.PositiveInfinity);
            public int Count;

            public void Part(byte[] bytes, int start, int count, bool more)
            {
                Count++;
                StateMailbox.Put(bytes, start, count, 0, double.NaN);
            }
        }

        /// <summary>Receives states through a socket, first on this thread, whose allocations are counted exactly,
        /// then through a client.</summary>
        public static int Flood(int statePort, int controlPort, int count)
        {
            var sink = new Sink();
            var frame = new AffectFrame();
            var watch = Stopwatch.StartNew();
            long allocated = 0;
            int before, warm = count / 10;
            using (var link = new Link("127.0.0.1", statePort, false, "", StateMailbox.Topics(""), new LinkLimits(), sink))
            {
                while (sink.Count < warm) Step(link, sink, frame, watch);
                before = sink.Count;
                int collected = GC.CollectionCount(0);
                double began = Program.Monotonic();
                allocated = GC.GetAllocatedBytesForCurrentThread();
                while (sink.Count < before + count) Step(link, sink, frame, watch);
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                collected = GC.CollectionCount(0) - collected;
                int received = sink.Count - before;
                Program.Print("flood_link", "messages", received, "rate", received / (Program.Monotonic() - began), "allocated", allocated,
                    "collections", collected, "malformed", sink.StateMailbox.Counters.Malformed);
                if (allocated != 0 || collected != 0) return 1;
            }
            return Whole(statePort, controlPort, count);
        }

        private static void Step(Link link, Sink sink, AffectFrame frame, Stopwatch watch)
        {
            link.Poll((double)watch.ElapsedTicks / Stopwatch.Frequency);
            sink.StateMailbox.TakeState(frame);
        }

        private static int Whole(int statePort, int controlPort, int count)
        {
            int received = 0;
            using (var client = new Client(new ClientOptions { StatePort = statePort, ControlPort = controlPort, OldestState = 1e9 }))
            {
                client.MessageObserver = (bytes, start, size) => received++;
                while (received < count / 10) Pause(client);
                int before = received, collected = GC.CollectionCount(0);
                double began = Program.Monotonic();
                while (received < before + count) Pause(client);
                collected = GC.CollectionCount(0) - collected;
                double rate = (received - before) / (Program.Monotonic() - began);
                Program.Print("flood_client", "messages", received - before, "rate", rate, "collections", collected, "malformed", client.Counters.Malformed);
                return collected;
            }
        }

        private static void Pause(Client client)
        {
            client.Drain();
            Thread.Sleep(5);
        }

        /// <summary>From the publisher's sending, and from before it encoded, to the mailbox.</summary>
        public static int Latency(int statePort, int controlPort, int count)
        {
            List<double> delays = new List<double>(count), encoded = new List<double>(count);
            var reader = new AffectReader();
            var frame = new AffectFrame();
            using (var client = new Client(new ClientOptions { StatePort = statePort, ControlPort = controlPort, OldestState = 1e9 }))
            {
                client.MessageObserver = (bytes, start, size) =>
                {
                    // Reads as the mailbox does at the same moment, so that its work is counted.
                    if (!reader.Read(bytes, start, size, frame) || delays.Count == count) return;
                    double now = Program.Monotonic();
                    encoded.Add(1e6 * (now - frame.Captured));
                    delays.Add(1e6 * (now - frame.Sent));
                };
                while (delays.Count < count)
                {
                    client.Drain();
                    Thread.Sleep(16);
                }
            }
            delays.RemoveRange(0, count / 10);
            encoded.RemoveRange(0, count / 10);
            Program.Print("latency", "messages", delays.Count, "p50_us", Program.Quantile(delays, 0.5), "p95_us", Program.Quantile(delays, 0.95),
                "p99_us", Program.Quantile(delays, 0.99), "max_us", Program.Quantile(delays, 1), "with_encoding_p50_us", Program.Quantile(encoded, 0.5));
            return 0;
        }

        /// <summary>Cost of a game's frame at 60 Hz with a running sidecar.</summary>
        public static int Drain(int statePort, int controlPort, int count)
        {
            var costs = new List<double>(count);
            int frames = 0, details = 0, events = 0;
            using (var client = new Client(new ClientOptions { StatePort = statePort, ControlPort = controlPort, RequestTimeout = 60 }))
            {
                client.Frame += frame => frames++;
                client.Detail += map => details++;
                client.Event += raised => events++;
                while (client.Link != LinkState.Live || frames < 120) Frame(client, null);
                frames = details = events = 0;
                int collected = GC.CollectionCount(0);
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < count; i++) Frame(client, costs);
                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
                collected = GC.CollectionCount(0) - collected;
                Program.Print("drain", "calls", count, "states", frames, "details", details, "events", events, "allocated", allocated,
                    "collections", collected, "p50_us", Program.Quantile(costs, 0.5), "p99_us", Program.Quantile(costs, 0.99),
                    "max_us", Program.Quantile(costs, 1));
            }
            return 0;
        }

        private static void Frame(Client client, List<double> costs)
        {
            double began = Program.Monotonic();
            client.Drain();
            if (costs != null) costs.Add(1e6 * (Program.Monotonic() - began));
            Thread.Sleep(16);
        }

        /// <summary>Prints link changes and the first state of each sidecar, until standard input ends.</summary>
        public static int Links(int statePort, int controlPort)
        {
            bool ended = false;
            var reading = new Thread(() => { while (Console.ReadLine() != null) { } ended = true; }) { IsBackground = true };
            reading.Start();
            long epoch = -1;
            using (var client = new Client(new ClientOptions { StatePort = statePort, ControlPort = controlPort }))
            {
                client.LinkStateChanged += (link, reason) => Program.Print("links", "link", link.ToString(), "at", Program.Monotonic());
                client.Frame += frame =>
                {
                    if (frame.Epoch != epoch) Program.Print("links", "epoch", frame.Epoch, "at", Program.Monotonic());
                    epoch = frame.Epoch;
                };
                while (!ended)
                {
                    client.Drain();
                    Thread.Sleep(4);
                }
            }
            return 0;
        }
    }
}
