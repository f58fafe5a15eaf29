using System;
using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>The last word on everything that is adapted: limits, speed, flashes, freeze, safe stop, an end.</summary>
    /// <remarks>Bindings and directors that name it ask it by themselves. From code: <see cref="Define"/> a value's range
    /// once, and pass what is wanted through <see cref="Limit"/>, <see cref="LimitLight"/> or
    /// <see cref="LimitColour"/> in each frame, with <c>Time.unscaledDeltaTime</c>: a game in fast motion must not
    /// flash faster. Each value that was held back is kept in <see cref="Audit"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Rails")]
    [DefaultExecutionOrder(-90)]
    public sealed class SentioRails : MonoBehaviour
    {
        /// <summary>Notes that are kept; the oldest go first.</summary>
        public const int MostAudited = 256;

        private const double FeedSeconds = 0.5;
        private const int SameWithin = 8;

        [SerializeField, Tooltip("Follows this feed's freeze where one is given: an operator can hold a game still.")]
        private SentioFeed feed;

        [SerializeField, Tooltip("Holds back what would flash more than three times in a second (WCAG 2.2, 2.3.1).")]
        private bool photosensitivity = true;

        [SerializeField, Min(0.01f), Tooltip("Most that a value grows in a second, as a share of its range.")]
        private float rise = 0.25f;

        [SerializeField, Min(0.01f), Tooltip("Most that a value shrinks in a second: less is always allowed to come soon.")]
        private float fall = 1f;

        [SerializeField, Range(0f, 30f), Tooltip("Seconds that a safe stop takes.")]
        private float stopSeconds = 2f;

        [SerializeField, Range(0f, 240f), Tooltip("Minutes after which adaptation ends; 0 for no end.")]
        private float sessionMinutes;

        [SerializeField, Tooltip("Adaptation ended for good; the text is safe_stop or session_over.")]
        private TextEvent onStopped = new TextEvent();

        [SerializeField, Tooltip("Adaptation holds still, or goes on.")]
        private FlagEvent onFrozen = new FlagEvent();

        private readonly Dictionary<string, RailLimiter> _limiters = new Dictionary<string, RailLimiter>();
        private readonly Dictionary<string, FlashGuard> _lights = new Dictionary<string, FlashGuard>();
        private readonly Dictionary<string, ColourGuard> _colours = new Dictionary<string, ColourGuard>();
        private readonly List<RailNote> _audit = new List<RailNote>();
        private bool _frozenHere, _frozenThere;
        private double _asked = FeedSeconds;

        /// <summary>A value was held back; the note is the one in <see cref="Audit"/>.</summary>
        public event Action<RailNote> Limited;

        /// <summary>Adaptation ended for good: safe_stop or session_over.</summary>
        public event Action<string> Stopped;

        /// <summary>Adaptation holds still, or goes on.</summary>
        public event Action<bool> FrozenChanged;

        /// <summary>The feed whose freeze is followed.</summary>
        public SentioFeed Feed { get { return feed; } set { feed = value; } }

        /// <summary>Whether what would flash more than three times in a second is held back.</summary>
        public bool Photosensitivity { get { return photosensitivity; } set { photosensitivity = value; } }

        /// <summary>Most that a value grows in a second, as a share of its range.</summary>
        public float Rise { get { return rise; } set { rise = value; } }

        /// <summary>Most that a value shrinks in a second, as a share of its range.</summary>
        public float Fall { get { return fall; } set { fall = value; } }

        /// <summary>Seconds that a safe stop takes.</summary>
        public float StopSeconds { get { return stopSeconds; } set { stopSeconds = value; } }

        /// <summary>Minutes after which adaptation ends; 0 for no end.</summary>
        public float SessionMinutes { get { return sessionMinutes; } set { sessionMinutes = value; } }

        /// <summary>The inspector's event of an end.</summary>
        public TextEvent OnStopped { get { return onStopped; } }

        /// <summary>The inspector's event of a freeze.</summary>
        public FlagEvent OnFrozen { get { return onFrozen; } }

        /// <summary>What was held back, the newest last.</summary>
        public IList<RailNote> Audit { get { return _audit; } }

        /// <summary>Whether values stand still.</summary>
        public bool Frozen { get; private set; }

        /// <summary>Why adaptation ended: safe_stop, session_over, or empty.</summary>
        public string Ended { get; private set; } = "";

        /// <summary>Seconds that adaptation has gone on.</summary>
        public double Session { get; private set; }

        /// <summary>Gives a value its limits and the value that a safe stop leads to (NaN: 0, within them).</summary>
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

        /// <summary>Gives what may be used of a value; without <see cref="Define"/> its range is 0..1.</summary>
        public float Limit(string what, float requested, float seconds)
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
            return (float)given;
        }

        /// <summary>Gives the relative luminance, 0..1, that may be shown of what is wanted.</summary>
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

        /// <summary>Gives the colour that may be shown of what is wanted, whose parts end at 1: what is brighter cannot be
        /// judged. Its alpha is left as it is.</summary>
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

        /// <summary>Holds all values still until <see cref="Unfreeze"/>.</summary>
        public void Freeze() { SetFrozen(true, _frozenThere); }

        /// <summary>Lets values follow again, unless the feed says otherwise.</summary>
        public void Unfreeze() { SetFrozen(false, _frozenThere); }

        /// <summary>Leads all values to their safe ones within <see cref="StopSeconds"/> and keeps them there.</summary>
        public void SafeStop() { if (Ended.Length == 0) End("safe_stop"); }

        /// <summary>Begins a new session: after a person agreed to go on.</summary>
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

        /// <summary>Lets seconds of the session go by; <c>Update</c> calls it.</summary>
        public void Advance(float seconds)
        {
            double time = Elapsed.Of(seconds);
            Session += time;
            _asked += time;
            if (_asked >= FeedSeconds && feed)
            {
                _asked = 0;
                SetFrozen(_frozenHere, Maps.Flag(feed.LatestDetail, "frozen"));
            }
            if (Ended.Length == 0 && sessionMinutes > 0 && Session >= 60 * sessionMinutes) End("session_over");
        }

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void End(string why)
        {
            Ended = why;
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
