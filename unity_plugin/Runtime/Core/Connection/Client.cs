using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace Sentio
{
    /// <summary>Subscribes to a sidecar and sends requests, on one background thread.</summary>
    /// <remarks>All events are raised by <see cref="Drain"/>, on the thread that calls it.</remarks>
    internal sealed class Client : IDisposable, IZmtpSink
    {
        /// <summary>A connection without a state for this time is silent. The sidecar sends one at least every 0.25
        /// s.</summary>
        public const double SilentAfter = 1.5;

        /// <summary>Most events raised by one <see cref="Drain"/>.</summary>
        private const int MostEvents = 32;

        private const double ClockEvery = 10.0;
        private const int WaitMicroseconds = 4000;
        private const int JoinMilliseconds = 80;

        /// <summary>Longest wait of an unloading domain; usually it takes some milliseconds.</summary>
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
        private int _missed;
        private double _clockRequested = double.NegativeInfinity;
        private readonly ConnectionStatus _status;
        private readonly FrameBudget _budget;
        private volatile LinkReport _report = LinkReport.None;
        private volatile Exception _failure;

        /// <summary>A new state; the frame is reused, so copy what you keep.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>A new event.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>As many events were sent but not received, or came faster than calls took them.</summary>
        public event Action<int> EventsMissed;

        /// <summary>A new detail (PROTOCOL.md, section 5).</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>The link changed; the reason is one line of text.</summary>
        public event Action<LinkState, string> LinkStateChanged;

        /// <summary>The sidecar's reply to hello.</summary>
        public event Action<Dictionary<string, object>> HelloReceived;

        /// <summary>Connects at once and reconnects until it is disposed of.</summary>
        public Client(ClientOptions options)
        {
            _mailbox = new StateMailbox(options.Subject, options.OldestState);
            _budget = new FrameBudget(Now);
            _control = new Control(options.Token, options.RequestTimeout, Now);
            byte[][] topics = StateMailbox.Topics(options.Subject);
            _state = new Link(options.Host, options.StatePort, false, options.Token, topics, options.Limits, this, options.Launched);
            _ask = new Link(options.Host, options.ControlPort, true, options.Token, null, options.Limits, _control, options.Launched);
            _status = new ConnectionStatus(options);
            Latest = new AffectFrame();
            // Mono crashes if a thread is aborted within a system call: end it before the domain unloads.
            AppDomain.CurrentDomain.DomainUnload += Unload;
            _thread = new Thread(Run) { IsBackground = true, Name = "sentio" };
            _thread.Start();
        }

        /// <summary>If set, called by the background thread with every published message: bytes, start and count. Do
        /// not keep the bytes.</summary>
        public volatile Action<byte[], int, int> MessageObserver = null;

        /// <summary>The newest drained state; undefined before <see cref="HasState"/>.</summary>
        public AffectFrame Latest { get; private set; }

        /// <summary>Whether a state was drained.</summary>
        public bool HasState { get; private set; }

        /// <summary>The newest detail; null before the first.</summary>
        public Dictionary<string, object> LatestDetail { get; private set; }

        /// <summary>The sidecar's reply to hello; null before it.</summary>
        public Dictionary<string, object> Hello { get; private set; }

        /// <summary>The link state.</summary>
        public LinkState Link { get { return _status.State; } }

        /// <summary>The reason for the link state, in one line.</summary>
        public string LinkReason { get { return _status.Reason; } }

        /// <summary>Counts of dropped and missed messages.</summary>
        public ClientCounters Counters
        {
            get
            {
                ClientCounters counters = _mailbox.Counters;
                counters.FullFrames = _budget.FullFrames;
                return counters;
            }
        }

        /// <summary>What one <see cref="Drain"/> may spend on messages.</summary>
        public FrameBudget Budget { get { return _budget; } }

        /// <summary>Number of reconnections.</summary>
        public int Reconnects { get { return Math.Max(0, _report.Ups - 1); } }

        /// <summary>Whether the background thread runs.</summary>
        public bool IsRunning { get { return _thread.IsAlive; } }

        /// <summary>Seconds of this client's clock.</summary>
        public double Now() { return (double)_watch.ElapsedTicks / Stopwatch.Frequency; }

        /// <summary>The sidecar's time now; NaN if unknown.</summary>
        public double SidecarTime { get { return _clock.At(Now()); } }

        /// <summary>Age of the newest state in seconds; infinite before the first.</summary>
        public double Age
        {
            get
            {
                if (!HasState) return double.PositiveInfinity;
                double remote = SidecarTime;
                return double.IsNaN(remote) ? Now() - _mailbox.Received : remote - Latest.Sent;
            }
        }

        /// <summary>Seconds from the capture of the newest sample to now; NaN if unknown.</summary>
        public double Latency { get { return HasState ? SidecarTime - Latest.Captured : double.NaN; } }

        /// <summary>Sends any request of PROTOCOL.md, section 6.</summary>
        public SentioReply Request(string op, Dictionary<string, object> arguments)
        {
            Dictionary<string, object> whole = arguments == null
                ? new Dictionary<string, object>() : new Dictionary<string, object>(arguments);
            string subject = _mailbox.Subject;
            if (subject.Length > 0 && !whole.ContainsKey("subject") && op != "hello" && op != "time") whole["subject"] = subject;
            if (!_stopping) return _control.Ask(op, whole);
            return SentioReply.Refused(op, new SentioError("closed", "the client is stopped", "make a new one"));
        }

        /// <summary>Raises what arrived since the last call; call it once a frame from one thread.</summary>
        /// <exception cref="InvalidOperationException">The background thread has failed; the client is then disposed
        /// of.</exception>
        public void Drain()
        {
            if (_failure != null && !_stopping) Fail();
            double now = Now();
            _budget.Begin();
            _control.Drain(_budget);
            if (_greetings != _greeted) Greet(now);
            else if (_greeted > 0 && now - _clockRequested > ClockEvery) RequestClock(now);
            // Raised before states, so that a state's handler sees a live link.
            if (_status.Update(now, _report, _mailbox)) RaiseLinkState();
            // A handler may have disposed of this client.
            if (_stopping) return;
            if (_mailbox.TakeState(Latest))
            {
                HasState = true;
                if (Frame != null) Frame(Latest);
            }
            ReportMissed();
            // A flood of events is spread over several calls.
            for (int left = MostEvents; left > 0 && !_stopping; left--)
            {
                SentioEvent received = _mailbox.TakeEvent();
                if (received == null) break;
                if (Event != null) Event(received);
                if (_budget.IsSpent) break;
            }
            _budget.Finish(_mailbox.HasEvents);
            if (_stopping) return;
            Dictionary<string, object> detail = _mailbox.TakeDetail();
            if (detail != null)
            {
                LatestDetail = detail;
                if (Detail != null) Detail(detail);
            }
        }

        /// <summary>Ends the background thread and closes the connections, within 0.1 s.</summary>
        public void Dispose()
        {
            if (_stopping) return;
            End(JoinMilliseconds);
            _control.Close();
            if (_status.End()) RaiseLinkState();
        }

        /// <summary>Receives a published message; called by the background thread.</summary>
        public void Part(byte[] bytes, int start, int count, bool more)
        {
            double now = Now();
            if (more) return;
            Action<byte[], int, int> observer = MessageObserver;
            if (observer != null) observer(bytes, start, count);
            _mailbox.Put(bytes, start, count, now, _clock.At(now));
        }

        // Raises nothing: the game's objects are unloaded as well.
        private void Unload(object sender, EventArgs unused) { End(UnloadMilliseconds); }

        private void End(int patience)
        {
            _stopping = true;
            AppDomain.CurrentDomain.DomainUnload -= Unload;
            if (_thread.Join(patience)) return;
            // Closing the sockets wakes a thread that waits on them.
            _state.Dispose();
            _ask.Dispose();
        }

        // An unexpected exception must neither end the game from another thread nor be lost.
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
                // Dispose has closed the sockets.
            }
            catch (ThreadAbortException)
            {
                // The domain is unloading.
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
            _clockRequested = now;
            var who = new Dictionary<string, object> { { "client", "unity" }, { "client_version", "0.1.0" } };
            _control.Ask("hello", who).Settled += TakeHello;
        }

        private void TakeHello(SentioReply reply)
        {
            if (!reply.Ok) return;
            Hello = reply.Body;
            TakeTime(reply);
            if (HelloReceived != null) HelloReceived(Hello);
        }

        private void RequestClock(double now)
        {
            _clockRequested = now;
            _control.Ask("time", null).Settled += TakeTime;
        }

        private void TakeTime(SentioReply reply)
        {
            object time = null;
            if (reply.Ok && reply.Body.TryGetValue("time", out time) && time is double)
                _clock.Observe(reply.Sent, reply.Received, (double)time);
        }

        private void ReportMissed()
        {
            int count = _mailbox.MissedEvents - _missed;
            if (count <= 0 || _stopping) return;
            _missed += count;
            if (EventsMissed != null) EventsMissed(count);
        }

        private void RaiseLinkState()
        {
            if (LinkStateChanged != null) LinkStateChanged(_status.State, _status.Reason);
        }
    }
}
