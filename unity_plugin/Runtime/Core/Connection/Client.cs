using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace Sentio
{
    /// <summary>Hears a running sidecar and asks it to do things, with one background thread.</summary>
    /// <remarks>Everything that is raised is raised by <see cref="Drain"/>, on the thread that calls it.</remarks>
    internal sealed class Client : IDisposable, IZmtpSink
    {
        /// <summary>A connection that brings no state for so long is told as silent. The sidecar sends every 0.25 s.</summary>
        public const double SilentAfter = 1.5;

        private const double ClockEvery = 10.0;
        private const int WaitMicroseconds = 4000;
        private const int JoinMilliseconds = 80;

        /// <summary>Most that an unloading domain waits on a machine that is busy: it takes some milliseconds.</summary>
        private const int UnloadMilliseconds = 2000;

        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly StateMailbox _mailbox;
        private readonly Control _control;
        private readonly RemoteClock _clock = new RemoteClock();
        private readonly Thread _thread;
        private readonly Link _state;
        private readonly Link _ask;
        private volatile bool _stopping;
        private volatile int _greetings;
        private int _greeted;
        private double _askedClock = double.NegativeInfinity;
        private readonly ConnectionStatus _status;
        private volatile LinkReport _report = LinkReport.None;
        private volatile Exception _failure;

        /// <summary>A new state, filled anew with each: copy what you keep.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>Something happened. None is left out.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>What a person may want to read (PROTOCOL.md, section 5).</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>The link changed; the reason is one line for a person.</summary>
        public event Action<LinkState, string> LinkStateChanged;

        /// <summary>The sidecar answered: the map of hello.</summary>
        public event Action<Dictionary<string, object>> Greeted;

        /// <summary>Connects at once, and again whenever the sidecar comes back, until it is disposed of.</summary>
        public Client(ClientOptions options)
        {
            _mailbox = new StateMailbox(options.Subject, options.OldestState);
            _control = new Control(options.Token, options.RequestTimeout, Now);
            byte[][] topics = StateMailbox.Topics(options.Subject);
            _state = new Link(options.Host, options.StatePort, false, options.Token, topics, options.Limits, this);
            _ask = new Link(options.Host, options.ControlPort, true, options.Token, null, options.Limits, _control);
            _status = new ConnectionStatus(options);
            Latest = new AffectFrame();
            // A thread that is aborted within a system call brings Mono down: end it before the domain goes.
            AppDomain.CurrentDomain.DomainUnload += Unload;
            _thread = new Thread(Run) { IsBackground = true, Name = "sentio" };
            _thread.Start();
        }

        /// <summary>Where set, called by the background thread with every published message, before anything is left out:
        /// bytes, start and count. Do not keep the bytes.</summary>
        public volatile Action<byte[], int, int> MessageObserver = null;

        /// <summary>The newest state that was drained; meaningless before <see cref="HasState"/>.</summary>
        public AffectFrame Latest { get; private set; }

        /// <summary>Whether a state was ever drained.</summary>
        public bool HasState { get; private set; }

        /// <summary>The newest detail; null before the first.</summary>
        public Dictionary<string, object> LatestDetail { get; private set; }

        /// <summary>What the sidecar said of itself; null before it answered.</summary>
        public Dictionary<string, object> Hello { get; private set; }

        /// <summary>The link as it was told last.</summary>
        public LinkState Link { get { return _status.State; } }

        /// <summary>Why the link is so, in one line.</summary>
        public string LinkReason { get { return _status.Reason; } }

        /// <summary>What was left out so far.</summary>
        public ClientCounters Counters { get { return _mailbox.Counters; } }

        /// <summary>How often the connection came back.</summary>
        public int Reconnects { get { return Math.Max(0, _report.Ups - 1); } }

        /// <summary>Whether the background thread lives.</summary>
        public bool IsRunning { get { return _thread.IsAlive; } }

        /// <summary>Seconds of this client's clock.</summary>
        public double Now() { return (double)_watch.ElapsedTicks / Stopwatch.Frequency; }

        /// <summary>The sidecar's time now, NaN where it is not known.</summary>
        public double SidecarTime { get { return _clock.At(Now()); } }

        /// <summary>The age of the newest state in seconds, infinite before the first.</summary>
        public double Age
        {
            get
            {
                if (!HasState) return double.PositiveInfinity;
                double theirs = SidecarTime;
                return double.IsNaN(theirs) ? Now() - _mailbox.Heard : theirs - Latest.Sent;
            }
        }

        /// <summary>Seconds from the newest sample behind the latest state to now; NaN where it is not known.</summary>
        public double Latency { get { return HasState ? SidecarTime - Latest.Captured : double.NaN; } }

        /// <summary>Asks for any operation of PROTOCOL.md, section 6.</summary>
        public SentioReply Request(string op, Dictionary<string, object> arguments)
        {
            Dictionary<string, object> whole = arguments == null
                ? new Dictionary<string, object>() : new Dictionary<string, object>(arguments);
            string subject = _mailbox.Subject;
            if (subject.Length > 0 && !whole.ContainsKey("subject") && op != "hello" && op != "time") whole["subject"] = subject;
            if (!_stopping) return _control.Ask(op, whole);
            return SentioReply.Refused(op, new SentioError("closed", "the client is stopped", "make a new one"));
        }

        /// <summary>Hands on what came since the last call; call it once a frame from one thread.</summary>
        /// <exception cref="InvalidOperationException">The background thread has failed; the client is then disposed of.</exception>
        public void Drain()
        {
            if (_failure != null && !_stopping) Fail();
            double now = Now();
            _control.Drain();
            if (_greetings != _greeted) Greet(now);
            else if (_greeted > 0 && now - _askedClock > ClockEvery) AskClock(now);
            // Before what it brought: who hears a state shall know that the link is live.
            if (_status.Update(now, _report, _mailbox)) Tell();
            // Who was told may have ended us.
            if (_stopping) return;
            if (_mailbox.TakeState(Latest))
            {
                HasState = true;
                if (Frame != null) Frame(Latest);
            }
            SentioEvent told;
            while ((told = _mailbox.TakeEvent()) != null) if (Event != null) Event(told);
            Dictionary<string, object> detail = _mailbox.TakeDetail();
            if (detail != null)
            {
                LatestDetail = detail;
                if (Detail != null) Detail(detail);
            }
        }

        /// <summary>Ends the background thread and hangs up, within a tenth of a second.</summary>
        public void Dispose()
        {
            if (_stopping) return;
            End(JoinMilliseconds);
            _control.Close();
            if (_status.End()) Tell();
        }

        /// <summary>Hears a published message; called by the background thread.</summary>
        public void Part(byte[] bytes, int start, int count, bool more)
        {
            double now = Now();
            if (more) return;
            Action<byte[], int, int> observer = MessageObserver;
            if (observer != null) observer(bytes, start, count);
            _mailbox.Put(bytes, start, count, now, _clock.At(now));
        }

        // Nobody is told: the game's objects are going as well.
        private void Unload(object sender, EventArgs unused) { End(UnloadMilliseconds); }

        private void End(int patience)
        {
            _stopping = true;
            AppDomain.CurrentDomain.DomainUnload -= Unload;
            if (_thread.Join(patience)) return;
            // Closing the sockets wakes whoever waits in them.
            _state.Dispose();
            _ask.Dispose();
        }

        // What nobody foresaw must not end the game from another thread, and must not pass in silence.
        private void Fail()
        {
            Exception failure = _failure;
            Dispose();
            throw new InvalidOperationException("the connection's thread has failed: " + failure.Message, failure);
        }

        private void Run()
        {
            try
            {
                while (!_stopping) Step();
            }
            catch (ObjectDisposedException)
            {
                // Dispose closed the sockets under us: that is the end.
            }
            catch (ThreadAbortException)
            {
                // The domain is unloaded.
            }
            catch (Exception error)
            {
                _failure = error;
            }
            finally
            {
                _state.Dispose();
                _ask.Dispose();
            }
        }

        private void Step()
        {
            double now = Now();
            _state.Poll(now);
            if (_stopping) return;
            int ups = _ask.Ups;
            _ask.Poll(now);
            if (_ask.Ups != ups) _greetings = _ask.Ups;
            _control.Send(_ask);
            _report = _report.Of(_state);
            System.Net.Sockets.Socket socket = _state.Socket;
            if (socket != null) socket.Poll(WaitMicroseconds, System.Net.Sockets.SelectMode.SelectRead);
            else Thread.Sleep(WaitMicroseconds / 1000);
        }

        private void Greet(double now)
        {
            _greeted = _greetings;
            _clock.Reset();
            _askedClock = now;
            var who = new Dictionary<string, object> { { "client", "unity" }, { "client_version", "0.1.0" } };
            _control.Ask("hello", who).Settled += TakeHello;
        }

        private void TakeHello(SentioReply reply)
        {
            if (!reply.Ok) return;
            Hello = reply.Body;
            TakeTime(reply);
            if (Greeted != null) Greeted(Hello);
        }

        private void AskClock(double now)
        {
            _askedClock = now;
            _control.Ask("time", null).Settled += TakeTime;
        }

        private void TakeTime(SentioReply reply)
        {
            object time = null;
            if (reply.Ok && reply.Body.TryGetValue("time", out time) && time is double)
                _clock.Observe(reply.Asked, reply.Heard, (double)time);
        }

        private void Tell()
        {
            if (LinkStateChanged != null) LinkStateChanged(_status.State, _status.Reason);
        }
    }
}
