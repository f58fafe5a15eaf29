// Runs the Unity client without Unity and prints events line by line, for tests/integration/test_unity.py.
// Host.exe STATE_PORT CONTROL_PORT [TOKEN]; requests come as lines on standard input: OP key=value ...
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;

namespace Sentio.Tests
{
    public static class Host
    {
        private static readonly Queue<string> Lines = new Queue<string>();
        private static volatile bool _ended;

        public static int Main(string[] arguments)
        {
            var options = new ClientOptions
            {
                StatePort = int.Parse(arguments[0]),
                ControlPort = int.Parse(arguments[1]),
                Token = arguments.Length > 2 ? arguments[2] : "",
            };
            var reading = new Thread(Read) { IsBackground = true };
            reading.Start();
            using (var client = new Client(options))
            {
                int frames = 0;
                AffectState state = AffectState.Warming;
                client.LinkStateChanged += (link, reason) => Print("link " + link + " " + reason);
                client.Event += raised => Print("event " + raised.Kind + " " + raised.Name);
                client.Detail += map => Print("detail " + map["state"]);
                client.HelloReceived += map => Print("hello " + map["name"]);
                client.Frame += frame =>
                {
                    if (frames++ % 30 == 0 || frame.State != state) Print("frame " + frame.Subject + " " + frame.State + " " + frame.Seq);
                    state = frame.State;
                };
                while (!_ended)
                {
                    client.Drain();
                    Ask(client);
                    Thread.Sleep(5);
                }
                Print("counters " + client.Counters.MissedEvents + " " + client.Counters.Malformed + " " + client.Reconnects);
            }
            return 0;
        }

        private static void Ask(Client client)
        {
            string line = null;
            lock (Lines) if (Lines.Count > 0) line = Lines.Dequeue();
            if (line == null) return;
            string[] parts = line.Split(' ');
            var arguments = new Dictionary<string, object>();
            for (int i = 1; i < parts.Length; i++) arguments[parts[i].Split('=')[0]] = Value(parts[i].Substring(parts[i].IndexOf('=') + 1));
            client.Request(parts[0], arguments).Settled += reply =>
                Print("reply " + reply.Op + " " + (reply.Ok ? "ok" : reply.Error.Code + " " + reply.Error.Message));
        }

        private static object Value(string text)
        {
            if (text.IndexOf(',') >= 0) return Array.ConvertAll(text.TrimEnd(',').Split(','), Value);
            double number;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? (object)number : text;
        }

        private static void Read()
        {
            string line;
            while ((line = Console.ReadLine()) != null) lock (Lines) Lines.Enqueue(line);
            _ended = true;
        }

        private static void Print(string line)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
