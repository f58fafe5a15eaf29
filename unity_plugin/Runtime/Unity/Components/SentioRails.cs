using System;
using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Safety limits of all adaptation: range, speed, flashes, freeze, safe stop, session length.</summary>
    /// <remarks>Bindings and directors with rails apply them automatically. From code: <see cref="Define"/> a value's
    /// range once, and pass requests through <see cref="Limit"/>, <see cref="LimitLight"/> or <see cref="LimitColour"/>
    /// in each frame, with <c>Time.unscaledDeltaTime</c>: a game in fast motion must not flash faster. Limited values
    /// are logged in <see cref="Audit"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Rails")]
    [DefaultExecutionOrder(-90)]
    public sealed class SentioRails : MonoBehaviour
    {
        /// <summary>Most audit entries; the oldest are dropped.</summary>
        public const int MostAudited = 256;

        private const double FeedSeconds = 0.5;
        private const double ReportStep = 0.05;
        private const string Game = "game";
        private const int SameWithin = 8;

        [SerializeField, Tooltip("If set, follows this feed's freeze, so that an operator can freeze a game.")]
        private SentioFeed feed;

        [SerializeField, Tooltip("Limits flashing to three times a second (WCAG 2.2, 2.3.1).")]
        private bool photosensitivity = true;

        [SerializeField, Min(0.01f), Tooltip("Largest rise of a value per second, as a share of its range.")]
        private float rise = 0.25f;

        [SerializeField, Min(0.01f), Tooltip("Largest fall of a value per second, as a share of its range; less is allowed to come quickly.")]
        private float fall = 1f;

        [SerializeField, Range(0f, 30f), Tooltip("Duration of a safe stop in seconds.")]
        private float stopSeconds = 2f;

        [SerializeField, Range(0f, 240f), Tooltip("Length of the session in minutes; 0 for no limit.")]
        private float sessionMinutes;

        [SerializeField, Tooltip("Adaptation ended permanently; the text is safe_stop or session_over.")]
        private TextEvent onStopped = new TextEvent();

        [SerializeField, Tooltip("Adaptation was frozen or unfrozen.")]
        private FlagEvent onFrozen = new FlagEvent();

        private readonly Dictionary<string, RailLimiter> _limiters = new Dictionary<string, RailLimiter>();
        private readonly Dictionary<string, FlashGuard> _lights = new Dictionary<string, FlashGuard>();
        private readonly Dictionary<string, ColourGuard> _colours = new Dictionary<string, ColourGuard>();
        private readonly Dictionary<string, ReportGate> _gates = new Dictionary<string, ReportGate>();
        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly List<RailNote> _audit = new List<RailNote>();
        private bool _frozenHere, _frozenThere;
        private double _sincePoll = FeedSeconds;
        private double _freezeBegan;

        /// <summary>A value was limited; the note is the one in <see cref="Audit"/>.</summary>
        public event Action<RailNote> Limited;

        /// <summary>Adaptation ended permanently: safe_stop or session_over.</summary>
        public event Action<string> Stopped;

        /// <summary>Adaptation was frozen or unfrozen.</summary>
        public event Action<bool> FrozenChanged;

        /// <summary>The feed whose freeze is followed.</summary>
        public SentioFeed Feed { get { return feed; } set { feed = value; } }

        /// <summary>Whether flashing is limited to three times a second.</summary>
        public bool Photosensitivity { get { return photosensitivity; } set { photosensitivity = value; } }

        /// <summary>Largest rise of a value per second, as a share of its range.</summary>
        public float Rise { get { return rise; } set { rise = value; } }

        /// <summary>Largest fall of a value per second, as a share of its range.</summary>
        public float Fall { get { return fall; } set { fall = value; } }

        /// <summary>Duration of a safe stop in seconds.</summary>
        public float StopSeconds { get { return stopSeconds; } set { stopSeconds = value; } }

        /// <summary>Length of the session in minutes; 0 for no limit.</summary>
        public float SessionMinutes { get { return sessionMinutes; } set { sessionMinutes = value; } }

        /// <summary>The inspector's event of an end.</summary>
        public TextEvent OnStopped { get { return onStopped; } }

        /// <summary>The inspector's event of a freeze.</summary>
        public FlagEvent OnFrozen { get { return onFrozen; } }

        /// <summary>Limited values, the newest last.</summary>
        public IList<RailNote> Audit { get { return _audit; } }

        /// <summary>Whether values are frozen.</summary>
        public bool Frozen { get; private set; }

        /// <summary>Why adaptation ended: safe_stop, session_over, or empty.</summary>
        public string Ended { get; private set; } = "";

        /// <summary>Seconds since the session began.</summary>
        public double Session { get; private set; }

        /// <summary>Sets the range of a value and the target of a safe stop (NaN: 0, within the range).</summary>
        public void Define(string what, double low, double high, double safe = double.NaN)
        {
            double least = Math.Min(low, high), most = Math.Max(low, high);
            _limiters[what] = new RailLimiter
            {
                Low = least,
                High = most,
                Safe = Elapsed.Clamp(double.IsNaN(safe) ? 0 : safe, least, most),
            };
        }

        /// <summary>Forgets a value that is gone: its range, its limits and what it has flashed. Bindings do it when they
        /// are destroyed.</summary>
        public void Forget(string what)
        {
            _limiters.Remove(what);
            _lights.Remove(what);
            _colours.Remove(what);
            _gates.Remove(what);
        }

        /// <summary>Returns the limited value of a request; without <see cref="Define"/> the range is 0..1. Changes are
        /// reported to the feed, unless <paramref name="reported"/>: the caller reports them itself.</summary>
        public float Limit(string what, float requested, float seconds, bool reported = false)
        {
            RailLimiter limiter;
            if (!_limiters.TryGetValue(what, out limiter))
            {
                Define(what, 0, 1);
                limiter = _limiters[what];
            }
            limiter.Rise = rise * (limiter.High - limiter.Low);
            limiter.Fall = fall * (limiter.High - limiter.Low);
            limiter.StopSeconds = stopSeconds;
            limiter.Frozen = Frozen;
            limiter.Stopped = Ended.Length > 0;
            double given = limiter.Step(seconds, requested);
            if (limiter.Rail != Rail.None)
                Note(what, requested, given, limiter.Rail == Rail.SafeStop ? Ended : RailNames.Of(limiter.Rail));
            if (!reported) Report(limiter, what, requested, given, seconds);
            return (float)given;
        }

        /// <summary>Returns the relative luminance, 0..1, that may be shown for a request.</summary>
        public float LimitLight(string what, float requested, float seconds)
        {
            double wanted = Elapsed.IsFinite(requested) ? Elapsed.Clamp(requested, 0, 1) : 0;
            if (!photosensitivity) return (float)wanted;
            FlashGuard guard;
            if (!_lights.TryGetValue(what, out guard)) _lights[what] = guard = new FlashGuard();
            double given = guard.Step(seconds, requested);
            if (given != wanted) Note(what, requested, given, RailNames.Flash);
            return (float)given;
        }

        /// <summary>Returns the colour that may be shown for a request, clamped to 1. Alpha is not changed.</summary>
        public Color LimitColour(string what, Color requested, float seconds)
        {
            if (!photosensitivity) return requested;
            ColourGuard guard;
            if (!_colours.TryGetValue(what, out guard)) _colours[what] = guard = new ColourGuard();
            bool held;
            Color given = FlashRail.Pass(guard, requested, seconds, out held);
            if (held) Note(what, FlashRail.Luminance(requested), FlashRail.Luminance(given), RailNames.Flash);
            return given;
        }

        /// <summary>Freezes all values until <see cref="Unfreeze()"/>.</summary>
        public void Freeze() { Freeze(Game); }

        /// <summary>Freezes all values; the author is reported.</summary>
        public void Freeze(string by)
        {
            if (!_frozenHere)
            {
                _freezeBegan = Session;
                SendReport(new SentioAdaptation("freeze", 1, "frozen").Authored(by));
            }
            SetFrozen(true, _frozenThere);
        }

        /// <summary>Unfreezes values, unless the feed is frozen.</summary>
        public void Unfreeze() { Unfreeze(Game); }

        /// <summary>Unfreezes values, unless the feed is frozen; the author is reported with the duration.</summary>
        public void Unfreeze(string by)
        {
            if (_frozenHere) SendReport(new SentioAdaptation("freeze", 0, "unfrozen").Authored(by, Session - _freezeBegan));
            SetFrozen(false, _frozenThere);
        }

        /// <summary>Moves all values to their safe ones within <see cref="StopSeconds"/> and keeps them
        /// there.</summary>
        public void SafeStop() { SafeStop(Game); }

        /// <summary>As <see cref="SafeStop()"/>; the author is reported.</summary>
        public void SafeStop(string by) { if (Ended.Length == 0) End("safe_stop", by); }

        /// <summary>Starts a new session, after the person agreed to continue.</summary>
        public void Restart()
        {
            Ended = "";
            Session = 0;
            foreach (string what in new List<string>(_limiters.Keys))
            {
                RailLimiter before = _limiters[what];
                Define(what, before.Low, before.High, before.Safe);
            }
            Unfreeze();
        }

        /// <summary>Advances the session by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            double time = Elapsed.Of(seconds);
            Session += time;
            _sincePoll += time;
            if (!feed) _finder.Of(null, this, time);
            if (_sincePoll >= FeedSeconds && feed)
            {
                _sincePoll = 0;
                SetFrozen(_frozenHere, Maps.Flag(feed.LatestDetail, "frozen"));
            }
            if (Ended.Length == 0 && sessionMinutes > 0 && Session >= 60 * sessionMinutes) End("session_over", "session limit");
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        // Values that the game itself passes through the rails.
        private void Report(RailLimiter limiter, string what, double requested, double given, float seconds)
        {
            SentioFeed found = feed ? feed : _finder.Of(null, this, seconds);
            if (!found || !found.TakesReports) return;
            ReportGate gate;
            if (!_gates.TryGetValue(what, out gate)) _gates[what] = gate = new ReportGate();
            gate.Step = ReportStep * Math.Max(limiter.High - limiter.Low, 1e-9);
            if (!gate.Due(seconds, given, (int)limiter.Rail)) return;
            string rail = Ended.Length > 0 ? Ended : RailNames.Of(limiter.Rail);
            string why = rail.Length > 0 ? "limited by the rail " + rail : "set by the game";
            found.Report(new SentioAdaptation(what, given, why, requested));
        }

        private void SendReport(SentioAdaptation adaptation)
        {
            SentioFeed found = feed ? feed : _finder.Of(null, this, 0);
            if (found) found.Report(adaptation);
        }

        private void End(string why, string by)
        {
            Ended = why;
            SendReport(new SentioAdaptation("safe_stop", 1, why).Authored(by));
            if (Stopped != null) Stopped(why);
            onStopped.Invoke(why);
        }

        private void SetFrozen(bool here, bool there)
        {
            _frozenHere = here;
            _frozenThere = there;
            if (Frozen == (here || there)) return;
            Frozen = here || there;
            if (FrozenChanged != null) FrozenChanged(Frozen);
            onFrozen.Invoke(Frozen);
        }

        private void Note(string what, double requested, double given, string rail)
        {
            RailNote note = Same(what, rail);
            if (note == null)
            {
                note = new RailNote(what, rail);
                _audit.Add(note);
                if (_audit.Count > MostAudited) _audit.RemoveAt(0);
            }
            note.Requested = requested;
            note.Given = given;
            note.Count++;
            if (Limited != null) Limited(note);
        }

        private RailNote Same(string what, string rail)
        {
            for (int i = _audit.Count - 1; i >= 0 && i >= _audit.Count - SameWithin; i--)
                if (_audit[i].What == what) return _audit[i].Rail == rail ? _audit[i] : null;
            return null;
        }
    }
}
