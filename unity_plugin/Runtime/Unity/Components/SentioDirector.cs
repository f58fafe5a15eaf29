using System;
using System.Collections.Generic;
using System.Globalization;
using Sentio.Behaviour;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a state of the pacing.</summary>
    [Serializable]
    public sealed class PacingEvent : UnityEvent<PacingState> { }

    /// <summary>Paces a game through build-up, peak, fade and relax by the player's estimated intensity.</summary>
    /// <remarks>The game reports performance with <see cref="SetPerformance"/> and scales the rate of events with
    /// <see cref="Demand"/>: how often something happens, not how hard it is. Without affect, or with
    /// <see cref="Adapt"/> off, performance and time alone drive the states. Uses game time, which stops in a pause
    /// menu.</remarks>
    [AddComponentMenu("Sentio/Sentio Director")]
    public sealed class SentioDirector : MonoBehaviour
    {
        private static readonly string[] StateNames = { "build-up", "peak", "fade", "relax" };

        [SerializeField, Tooltip("Whether affect is used; if not, the game's own signals pace.")]
        private bool adapt = true;

        [SerializeField, Tooltip("A ready-made response; setting it replaces entry, target and gains.")]
        private SentioPreset preset;

        [SerializeField, Tooltip("The affect source; empty uses a parent's feed, or any in the scenes.")]
        private SentioFeed source;

        [SerializeField, Tooltip("Safety limits of the demand.")]
        private SentioRails rails;

        [SerializeField, Tooltip("Name of the demand in rails and recordings.")]
        private string what = "demand";

        [SerializeField, Tooltip("Settings of target and pacing.")]
        private DirectorSettings settings = new DirectorSettings();

        [SerializeField, Tooltip("The state of the pacing changed.")]
        private PacingEvent onPacing = new PacingEvent();

        [SerializeField, Tooltip("Target pressure on the player, 0 to 1; raised in each frame.")]
        private NumberEvent onDemand = new NumberEvent();

        private readonly Pacing _pacing = new Pacing();
        private readonly Pid _pid = new Pid();
        private readonly ConfidenceGate _gate = new ConfidenceGate();
        private readonly FeedFinder<SentioFeed> _finder = new FeedFinder<SentioFeed>();
        private readonly Dictionary<string, Vector2> _performance = new Dictionary<string, Vector2>();
        private readonly ReportGate _reporting = new ReportGate();
        private readonly ManualValue _manual = new ManualValue();
        private float _low, _high = 1f;
        private float _requested;
        private double _distress;

        /// <summary>The state of the pacing changed.</summary>
        public event Action<PacingState> PacingChanged;

        /// <summary>The demand changed by a noticeable step: what, value and why. Also reported to the feed, for the
        /// recording.</summary>
        public event Action<string, float, string> Adaptation;

        /// <summary>Whether affect is used; if not, the game's own signals pace.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <summary>A ready-made response; setting it takes it over.</summary>
        public SentioPreset Preset { get { return preset; } set { preset = value; if (value) Use(value); } }

        /// <summary>The affect source; null uses a parent's feed, or any in the scenes.</summary>
        public SentioFeed Source { get { return source; } set { source = value; } }

        /// <summary>Safety limits of the demand; null for none.</summary>
        public SentioRails Rails { get { return rails; } set { rails = value; } }

        /// <summary>Name of the demand in rails and recordings.</summary>
        public string What { get { return what; } set { what = value; } }

        /// <summary>Settings of target and pacing.</summary>
        public DirectorSettings Settings { get { return settings; } set { settings = value; } }

        /// <summary>The inspector's event of a new state.</summary>
        public PacingEvent OnPacing { get { return onPacing; } }

        /// <summary>The inspector's event of the demand.</summary>
        public NumberEvent OnDemand { get { return onDemand; } }

        /// <summary>Target pressure on the player, 0..1.</summary>
        public float Demand { get; private set; }

        /// <summary>Intensity from affect and performance, 0..1; NaN before anything is known.</summary>
        public float Intensity { get { return (float)_pacing.Intensity; } }

        /// <summary>State of the pacing.</summary>
        public PacingState State { get; private set; }

        /// <summary>A manual demand, 0..1; NaN for the director's own.</summary>
        public float ManualDemand { get; set; } = float.NaN;

        /// <summary>Freezes state and demand.</summary>
        public bool Frozen { get; set; }

        /// <summary>Weighted mean of the performance signals, 0..1, or NaN if there are none.</summary>
        public float Performance
        {
            get
            {
                float sum = 0, weight = 0;
                foreach (KeyValuePair<string, Vector2> signal in _performance)
                {
                    sum += signal.Value.x * signal.Value.y;
                    weight += signal.Value.y;
                }
                return weight > 0 ? sum / weight : float.NaN;
            }
        }

        /// <summary>Sets one performance signal: 0 idle, 1 overwhelmed, such as the share of health lost recently. NaN
        /// removes the signal.</summary>
        public void SetPerformance(string signal, float value, float weight = 1f)
        {
            if (Elapsed.IsFinite(value) && Elapsed.IsFinite(weight) && weight > 0)
                _performance[signal] = new Vector2(Mathf.Clamp01(value), weight);
            else _performance.Remove(signal);
        }

        /// <summary>Enters a state now: the manual override of the pacing; an author is reported.</summary>
        public void Enter(PacingState next, string by = "")
        {
            _pacing.Enter(next);
            UpdateState();
            if (!string.IsNullOrEmpty(by)) SendReport(new SentioAdaptation(what, Demand, "entered " + StateNames[(int)next]).Authored(by));
        }

        /// <summary>Takes entry, target and gains of a preset.</summary>
        public void Use(SentioPreset chosen)
        {
            settings.TargetEntry = chosen.Entry;
            settings.Target = chosen.Target;
            settings.Authority = chosen.Authority;
            settings.Kp = chosen.Kp;
            settings.Ki = chosen.Ki;
            _low = Math.Min(chosen.Points[0].x, chosen.Points[chosen.Points.Length - 1].x);
            _high = Math.Max(chosen.Points[0].x, chosen.Points[chosen.Points.Length - 1].x);
        }

        /// <summary>Holds the demand for some seconds, set by hand by a person; rails still apply. The end is reported
        /// with the duration.</summary>
        public void HoldValue(float held, string by, double seconds = double.PositiveInfinity)
        {
            ManualDemand = held;
            _manual.Hold(held, by, seconds);
            SendReport(new SentioAdaptation(what, held, "set by hand").Authored(by));
        }

        /// <summary>Ends <see cref="HoldValue"/> and <see cref="ManualDemand"/>.</summary>
        public void ReleaseValue()
        {
            ManualDemand = float.NaN;
            EndHold(_manual.Release());
        }

        /// <summary>Whether affect is used or why not, in one line.</summary>
        public string Status
        {
            get
            {
                if (!adapt) return "adaptation to affect is off";
                string waits = FeedFinder<SentioFeed>.WaitsFor(_finder.Of(source, this, 0), settings.TargetEntry, settings.Threshold);
                return waits.Length > 0 ? waits : "following " + AffectNames.Of(settings.TargetEntry);
            }
        }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds) { Advance(seconds, seconds); }

        // The pacing takes the game's seconds; rails act in real ones, also while the game is paused.
        private void Advance(float seconds, float real)
        {
            settings.Give(_pacing, _pid, _gate);
            _pacing.Frozen = Frozen || (rails && rails.Frozen);
            double over = _manual.Step(real);
            if (Elapsed.IsFinite(over))
            {
                ManualDemand = float.NaN;
                EndHold(over);
            }
            SentioFeed feed = _finder.Of(source, this, real);
            bool follows = adapt && feed;
            float felt = follows ? feed.EffectiveValue(settings.TargetEntry) : float.NaN;
            if (settings.TargetEntry == AffectEntry.Arousal) felt = 0.5f + 0.5f * felt;
            else if (_high > 1f && _high > _low) felt = Scaled(felt);
            float absolute = follows ? Absolute(feed, felt) : felt;
            float sure = follows ? feed.EffectiveConfidence(settings.TargetEntry) : float.NaN;
            if (float.IsNaN(felt) || !(sure >= settings.Threshold)) sure = float.NaN;
            _pacing.Step(seconds, felt, EntryConfidence.Weight(sure), Performance);
            UpdateState();
            if (!_pacing.Frozen) SetDemand(seconds, real, felt, sure, absolute);
            else if (rails && rails.Ended.Length > 0) Demand = rails.Limit(what, Demand, real, true);
            Report(feed, seconds, felt, sure);
            onDemand.Invoke(Demand);
        }

        private void Update() { Advance(Time.deltaTime, Time.unscaledDeltaTime); }

        private void SetDemand(float seconds, float real, float felt, float sure, float absolute)
        {
            // The gate's weight fades out the correction when confidence is lost.
            _gate.Step(seconds, felt, sure);
            bool known = !float.IsNaN(sure);
            double led = _pid.Step(seconds, known ? felt : double.NaN, settings.Target) * _gate.Trust;
            double wanted = _pacing.Pressure + led;
            bool high = known && absolute >= settings.DistressAt;
            _distress = high ? _distress + Elapsed.Of(seconds) : 0;
            if (high && _distress >= settings.DistressSeconds) wanted = Math.Min(wanted, Demand);
            if (Elapsed.IsFinite(ManualDemand)) wanted = ManualDemand;
            Demand = _requested = (float)Elapsed.Clamp(wanted, 0, 1);
            if (rails) Demand = rails.Limit(what, Demand, real, true);
        }

        // The entry that a level ranks, 0..1; the level itself where that is not known.
        private float Absolute(SentioFeed feed, float felt)
        {
            AffectEntry based = AffectFrame.BaseOf(settings.TargetEntry);
            float value = based == settings.TargetEntry ? float.NaN : feed.FreshValue(based);
            if (float.IsNaN(value)) return felt;
            return based == AffectEntry.Arousal ? 0.5f + 0.5f * value : value;
        }

        private void UpdateState()
        {
            if (_pacing.State == State) return;
            State = _pacing.State;
            if (PacingChanged != null) PacingChanged(State);
            onPacing.Invoke(State);
        }

        private float Scaled(float felt) { return float.IsNaN(felt) ? felt : Mathf.Clamp01((felt - _low) / (_high - _low)); }

        private void Report(SentioFeed feed, float seconds, float felt, float sure)
        {
            _reporting.Step = settings.ReportStep;
            _reporting.Gap = settings.ReportSeconds;
            if (Adaptation == null && (!feed || !feed.TakesReports)) return;
            if (!_reporting.Due(seconds, Demand, Cause(sure))) return;
            string why = StateNames[(int)State] + ", " + ReasonFor(felt, sure);
            if (Math.Abs(Demand - _requested) > 1e-6 && !_pacing.Frozen) why += ", limited by rails";
            if (Adaptation != null) Adaptation(what, Demand, why);
            bool held = Elapsed.IsFinite(ManualDemand) && _manual.Active;
            if (feed) feed.Report(new SentioAdaptation(what, Demand, why, _requested).Authored(held ? _manual.By : ""));
        }

        // A number for what drives the demand: a change of it is reported at once.
        private int Cause(float sure)
        {
            if (rails && rails.Ended.Length > 0) return 4;
            if (_pacing.Frozen) return 3;
            return Elapsed.IsFinite(ManualDemand) ? 2 : float.IsNaN(sure) ? 0 : 1;
        }

        private void SendReport(SentioAdaptation change)
        {
            SentioFeed feed = _finder.Of(source, this, 0);
            if (feed) feed.Report(change);
        }

        private void EndHold(double lasted)
        {
            if (Elapsed.IsFinite(lasted)) SendReport(new SentioAdaptation(what, Demand, "released").Authored(_manual.By, lasted));
        }

        // Names affect only where it was used.
        private string ReasonFor(float felt, float sure)
        {
            if (rails && rails.Ended.Length > 0) return rails.Ended;
            if (_pacing.Frozen) return "frozen";
            if (Elapsed.IsFinite(ManualDemand)) return "set by hand";
            if (float.IsNaN(sure)) return Status;
            string name = AffectNames.Of(settings.TargetEntry);
            return string.Format(CultureInfo.InvariantCulture, "{0} {1:0.00} for {2:0.00}", name, felt, settings.Target);
        }
    }
}
