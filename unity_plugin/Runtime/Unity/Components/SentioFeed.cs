using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>A UnityEvent with a link state and its reason.</summary>
    [Serializable]
    public sealed class LinkStateEvent : UnityEvent<LinkState, string> { }

    /// <summary>A UnityEvent with a number.</summary>
    [Serializable]
    public sealed class NumberEvent : UnityEvent<float> { }

    /// <summary>A UnityEvent with a state.</summary>
    [Serializable]
    public sealed class FrameEvent : UnityEvent<AffectFrame> { }

    /// <summary>Base class of affect sources: a sidecar, a recorded file or a simulator.</summary>
    /// <remarks>Bindings, directors and screens work with any feed:
    /// <see cref="SentioClient"/>, <see cref="SentioPlayer"/> and <see cref="SentioSimulator"/> are feeds.</remarks>
    public abstract class SentioFeed : MonoBehaviour
    {
        [SerializeField, Tooltip("The subject that is followed; empty follows the first one received.")]
        private string subject = "";

        [SerializeField, Tooltip("The link changed; the text is the reason in one line.")]
        private LinkStateEvent onLinkState = new LinkStateEvent();

        [SerializeField, Tooltip("A new state.")]
        private FrameEvent onFrame = new FrameEvent();

        private string _reportProblem = "";

        /// <summary>Longest age of a state that is used, in seconds (docs/behaviour.md).</summary>
        public const double LongestAge = 1.0;

        /// <summary>A new state; the frame is reused, so copy what you keep.</summary>
        public event Action<AffectFrame> Frame;

        /// <summary>A new event. None is dropped.</summary>
        public event Action<SentioEvent> Event;

        /// <summary>The response to a marker, twice: two seconds after it, and refined after nine.</summary>
        public event Action<SentioResponse> Response;

        /// <summary>A dimension has clearly changed.</summary>
        public event Action<SentioChange> Change;

        /// <summary>A binding, director or rail of this game changed something; also sent for the recording.</summary>
        public event Action<SentioAdaptation> Adapted;

        /// <summary>The person laughed, frowned, yawned, startled or sighed.</summary>
        public event Action<SentioExpressionEvent> Expression;

        /// <summary>Frustration that lasts over several lines of text began or ended.</summary>
        public event Action<SentioFrustration> Frustration;

        /// <summary>A new detail (PROTOCOL.md, section 5).</summary>
        public event Action<Dictionary<string, object>> Detail;

        /// <summary>The link changed; the text is the reason in one line.</summary>
        public event Action<LinkState, string> LinkStateChanged;

        /// <summary>The consent changed: sensor to granted purposes.</summary>
        public event Action<Dictionary<string, object>> ConsentChanged;

        /// <summary>The subject that is followed.</summary>
        public string Subject { get { return subject; } set { subject = value ?? ""; } }

        /// <summary>The newest state, or null before the first.</summary>
        public AffectFrame Latest { get; private set; }

        /// <summary>The newest detail, or null before the first.</summary>
        public Dictionary<string, object> LatestDetail { get; private set; }

        /// <summary>The link state.</summary>
        public LinkState Link { get; private set; }

        /// <summary>The reason for the link state, in one line.</summary>
        public string LinkReason { get; private set; } = "";

        /// <summary>The inspector's event of a new state.</summary>
        public FrameEvent OnFrame { get { return onFrame; } }

        /// <summary>The inspector's event of a changed link.</summary>
        public LinkStateEvent OnLinkState { get { return onLinkState; } }

        /// <summary>Age of the newest state in seconds; infinite before the first.</summary>
        public virtual double Age { get { return double.PositiveInfinity; } }

        /// <summary>Sends a marker, which returns as an event of kind marker; false if it cannot be sent.</summary>
        public virtual bool Mark(string name, Dictionary<string, object> data) { return false; }

        /// <summary>Reports an adaptation for the recording; false if it cannot be sent.</summary>
        public bool ReportAdaptation(string what, double value, string why)
        {
            return Report(new SentioAdaptation(what, value, why));
        }

        /// <summary>Reports an adaptation, with its requested value and author, for the recording; false if it cannot be
        /// sent. It is in <see cref="Adapted"/> in either case.</summary>
        public bool Report(SentioAdaptation adaptation)
        {
            if (Adapted != null) Adapted(adaptation);
            string problem = adaptation.Problem();
            if (problem.Length == 0) return SendAdaptation(adaptation);
            // Once: what reports does so many times a second.
            if (problem != _reportProblem)
                Debug.LogWarning("Sentio: the adaptation '" + adaptation.What.Substring(0, Math.Min(adaptation.What.Length, 40)) + "' was not sent: " + problem, this);
            _reportProblem = problem;
            return false;
        }

        /// <summary>Whether a report would reach anything; without it nodes build no text.</summary>
        internal bool TakesReports { get { return Adapted != null || SendsAdaptations; } }

        /// <summary>Whether <see cref="SendAdaptation"/> has somewhere to send to.</summary>
        protected virtual bool SendsAdaptations { get { return false; } }

        /// <summary>Sends an adaptation; a feed without a connection has nowhere to.</summary>
        protected virtual bool SendAdaptation(SentioAdaptation adaptation) { return false; }

        /// <summary>An entry of a state that is not older than <see cref="LongestAge"/>; NaN if unknown.</summary>
        public float FreshValue(AffectEntry entry)
        {
            return Latest != null && Age <= LongestAge ? Latest.Value(entry) : float.NaN;
        }

        /// <summary>An entry, as components use it, of a state that is not older than <see cref="LongestAge"/>; NaN if
        /// unknown.</summary>
        public float EffectiveValue(AffectEntry entry)
        {
            return Latest != null && Age <= LongestAge ? Latest.EffectiveValue(entry) : float.NaN;
        }

        /// <summary>The confidence of an entry, as components use it, 0..1; 0 if it is unknown or the state is older than
        /// <see cref="LongestAge"/>.</summary>
        public float EffectiveConfidence(AffectEntry entry) { return Latest != null && Age <= LongestAge ? Latest.EffectiveConfidence(entry) : 0f; }

        /// <summary>The former name of <see cref="FreshValue"/>; to be removed in the next version.</summary>
        [Obsolete("use FreshValue")]
        public float Fresh(AffectEntry entry) { return FreshValue(entry); }

        /// <summary>The former name of <see cref="EffectiveValue"/>; to be removed in the next version.</summary>
        [Obsolete("use EffectiveValue")]
        public float Followed(AffectEntry entry) { return EffectiveValue(entry); }

        /// <summary>The former name of <see cref="EffectiveConfidence"/>; to be removed in the next version.</summary>
        [Obsolete("use EffectiveConfidence")]
        public float Trust(AffectEntry entry) { return EffectiveConfidence(entry); }

        /// <summary>Raises a state.</summary>
        protected void Show(AffectFrame frame)
        {
            Latest = frame;
            if (Frame != null) Frame(frame);
            onFrame.Invoke(frame);
        }

        /// <summary>Raises an event.</summary>
        protected void Show(SentioEvent received)
        {
            if (Event != null) Event(received);
            SentioResponse answer = Response == null ? null : SentioResponse.FromEvent(received);
            if (answer != null) Response(answer);
            SentioChange made = Change == null ? null : SentioChange.FromEvent(received);
            if (made != null) Change(made);
            SentioExpressionEvent shown = Expression == null ? null : SentioExpressionEvent.FromEvent(received);
            if (shown != null) Expression(shown);
            SentioFrustration lasting = Frustration == null ? null : SentioFrustration.FromEvent(received);
            if (lasting != null) Frustration(lasting);
        }

        /// <summary>Raises a detail.</summary>
        protected void ShowDetail(Dictionary<string, object> detail)
        {
            LatestDetail = detail;
            if (Detail != null) Detail(detail);
        }

        /// <summary>Clears the latest state and detail, before another subject or file.</summary>
        protected void Forget()
        {
            Latest = null;
            LatestDetail = null;
        }

        /// <summary>Raises the consent.</summary>
        protected void ShowConsent(Dictionary<string, object> granted)
        {
            if (ConsentChanged != null) ConsentChanged(granted);
        }

        /// <summary>Changes the link state; raises it if it differs.</summary>
        protected void ChangeLink(LinkState state, string reason)
        {
            if (state == Link && reason == LinkReason) return;
            Link = state;
            LinkReason = reason;
            if (LinkStateChanged != null) LinkStateChanged(state, reason);
            onLinkState.Invoke(state, reason);
        }
    }
}
